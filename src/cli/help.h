/* What the program says about itself, from the tables of the commands. */
#ifndef TGV_CLI_HELP_H
#define TGV_CLI_HELP_H

#include <stdbool.h>

#include "cli/command.h"

#define TGV_TAGLINE "design and manufacturing of glass-core substrates with through-glass vias"

void tgv_help_version(bool json);
void tgv_help_overview(bool json);
void tgv_help_command(const struct tgv_command *c, bool json);

#endif

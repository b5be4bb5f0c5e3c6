/* A command of the program `tgv`: one file, one object of this type. Help, the manual page and the shell
   completion come from it; the arguments are checked against it before `run` is called. */
#ifndef TGV_CLI_COMMAND_H
#define TGV_CLI_COMMAND_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/error.h"

struct tgv_option {
  const char *name;     /* without the dashes */
  const char *argument; /* what follows it, in capitals; NULL: nothing */
  const char *help;
};

struct tgv_arguments;

struct tgv_command {
  const char *name, *title;
  const char *usage;       /* what follows the name: "PROJECT" */
  const char *description; /* paragraphs, separated by blank lines; may be NULL */
  const char *examples;    /* lines; may be NULL */
  const char *words; /* plain arguments it knows beside names of files, separated by blanks; may be NULL */
  const struct tgv_option
        *options;     /* ends with {NULL}; may be NULL. Those of all commands come in addition */
  size_t least, most; /* number of plain arguments */
  tgv_status (*run)(const struct tgv_arguments *a);
};

enum { TGV_ANY_NUMBER = 1000000 };

/** All commands in the order of registry.def, ends with NULL; those options that every command has, ends with
 * {NULL}. */
extern const struct tgv_command *const tgv_commands[];
extern const struct tgv_option         tgv_common_options[];
const struct tgv_command              *tgv_command_find(const char *name);

/** The arguments of one call, checked: number of plain arguments, names of options, values where they are
 * needed. */
struct tgv_arguments {
  const struct tgv_command *command; /* NULL: none was named */
  size_t                    count;
  const char              **plain;
  size_t                    given_count;
  struct tgv_given {
    const struct tgv_option *option;
    const char              *value; /* NULL: a switch */
  } * given;
  bool json, quiet, help, version;
  int  threads; /* 0: not said */
};

/** Reads argv[1] ... The command is left in `a` even where its arguments are wrong, so that the caller can
 * say more. */
tgv_status tgv_arguments_read(int argc, char **argv, struct tgv_arguments *a);
void       tgv_arguments_release(struct tgv_arguments *a);
/** The last value given for an option, NULL if it was not given. */
const char *tgv_option_value(const struct tgv_arguments *a, const char *name);
bool        tgv_option_given(const struct tgv_arguments *a, const char *name);
/** Whole number of at least `least` given for an option; *out keeps its value if the option was not given. */
tgv_status tgv_option_count(const struct tgv_arguments *a, const char *name, long least, long *out);
/** All values given for an option, in order: at most a->given_count. Returns how many. */
size_t tgv_option_values(const struct tgv_arguments *a, const char *name, const char **values);

/** Prints a JSON document on stdout and deletes it. */
void tgv_json_print(cJSON *json);

#endif

#include "cli/help.h"

#include <stdio.h>
#include <string.h>

#include "cli/listing.h"

void tgv_help_version(bool json)
{
  if (json) {
    cJSON *o = cJSON_CreateObject();

    cJSON_AddStringToObject(o, "program", "tgv");
    cJSON_AddStringToObject(o, "version", TGV_VERSION);
    tgv_json_print(o);
    return;
  }
  printf("tgv (OpenTGV) %s\n", TGV_VERSION);
}

static void list_options(struct tgv_listing *l, const struct tgv_option *options)
{
  for (const struct tgv_option *o = options; o && o->name; o++) {
    char shown[64];

    snprintf(shown, sizeof shown, "--%s%s%s", o->name, o->argument ? " " : "",
             o->argument ? o->argument : "");
    tgv_listing_add(l, shown, o->help);
  }
}

void tgv_help_overview(bool json)
{
  static const char *const names[] = {"name", "title", NULL};
  static const char *const option_names[] = {"option", "help", NULL};
  struct tgv_listing       l, options;

  tgv_listing_begin(&l, names);
  for (size_t i = 0; tgv_commands[i]; i++) tgv_listing_add(&l, tgv_commands[i]->name, tgv_commands[i]->title);
  tgv_listing_begin(&options, option_names);
  list_options(&options, tgv_common_options);
  if (json) {
    cJSON *o = cJSON_CreateObject();

    cJSON_AddStringToObject(o, "version", TGV_VERSION);
    cJSON_AddItemToObject(o, "commands", tgv_listing_json(&l));
    cJSON_AddItemToObject(o, "options", tgv_listing_json(&options));
    tgv_json_print(o);
  } else {
    printf("OpenTGV %s, %s\n\nusage: tgv COMMAND [ARGUMENTS] [OPTIONS]\n\n", TGV_VERSION, TGV_TAGLINE);
    tgv_listing_print(&l, "commands");
    putchar('\n');
    tgv_listing_print(&options, "options of every command");
    printf(
        "\ntgv COMMAND --help says more. Exit codes: 0 ok, 1 the answer is no, 2 input, 3 file, 4 memory,\n"
        "5 solver, 6 external, 7 interrupted.\n");
  }
  tgv_listing_release(&l);
  tgv_listing_release(&options);
}

/* Prints the lines of a text; each is a paragraph that is wrapped. */
static void print_paragraphs(const char *text, size_t indent)
{
  while (*text) {
    size_t n = strcspn(text, "\n");
    char   line[2048];

    snprintf(line, sizeof line, "%.*s", (int)n, text);
    printf("%*s", (int)indent, "");
    tgv_wrap_print(line, indent, indent);
    text += n + (text[n] == '\n');
  }
}

static cJSON *command_json(const struct tgv_command *c, const struct tgv_listing *own,
                           const struct tgv_listing *common)
{
  cJSON *o = cJSON_CreateObject();

  cJSON_AddStringToObject(o, "name", c->name);
  cJSON_AddStringToObject(o, "title", c->title);
  cJSON_AddStringToObject(o, "usage", c->usage);
  cJSON_AddStringToObject(o, "description", c->description ? c->description : "");
  cJSON_AddStringToObject(o, "examples", c->examples ? c->examples : "");
  cJSON_AddItemToObject(o, "options", tgv_listing_json(own));
  cJSON_AddItemToObject(o, "common_options", tgv_listing_json(common));
  return o;
}

void tgv_help_command(const struct tgv_command *c, bool json)
{
  static const char *const names[] = {"option", "help", NULL};
  struct tgv_listing       own, common;

  tgv_listing_begin(&own, names);
  list_options(&own, c->options);
  tgv_listing_begin(&common, names);
  list_options(&common, tgv_common_options);
  if (json)
    tgv_json_print(command_json(c, &own, &common));
  else {
    printf("tgv %s: %s\n\nusage: tgv %s %s\n", c->name, c->title, c->name, c->usage);
    if (c->description) {
      putchar('\n');
      print_paragraphs(c->description, 0);
    }
    putchar('\n');
    if (own.rows) {
      tgv_listing_print(&own, "options");
      putchar('\n');
    }
    tgv_listing_print(&common, "options of every command");
    if (c->examples) {
      printf("\n%sexamples%s\n", tgv_strong(), tgv_plain());
      print_paragraphs(c->examples, 2);
    }
  }
  tgv_listing_release(&own);
  tgv_listing_release(&common);
}

#include "cli/command.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/problems.h"
#include "core/text.h"

/* ---- the table: the COMMAND lines of registry.def */
#define STAGE(folder, name, help)
#define FORMAT(folder, name, help)
#define SECTION(folder, name, help)
#define COMMAND(folder, name, help) extern const struct tgv_command tgv_command_##name;
#include "registry.def"
#undef COMMAND

const struct tgv_command *const tgv_commands[] = {
#define COMMAND(folder, name, help) &tgv_command_##name,
#include "registry.def"
#undef COMMAND
    NULL};

const struct tgv_option tgv_common_options[] = {
    {"json", NULL, "print one JSON document for machines, errors too"},
    {"quiet", NULL, "print no progress and no summary"},
    {"threads", "N", "threads of the via kernels; results do not depend on it"},
    {"help", NULL, "print this help"},
    {NULL, NULL, NULL}};

const struct tgv_command *tgv_command_find(const char *name)
{
  for (size_t i = 0; tgv_commands[i]; i++)
    if (strcmp(tgv_commands[i]->name, name) == 0) return tgv_commands[i];
  return NULL;
}

/* ---- reading the arguments */

static tgv_status fail_unknown(const char *what, const char *word, const char *of, const char *nearest,
                               const char *dashes)
{
  if (nearest)
    return tgv_fail(TGV_INPUT, "unknown %s \"%s\"%s, did you mean \"%s%s\"?", what, word, of, dashes,
                    nearest);
  return tgv_fail(TGV_INPUT, "unknown %s \"%s\"%s, see tgv --help", what, word, of);
}

static tgv_status find_command(const char *name, const struct tgv_command **out)
{
  const char *names[65] = {0};
  size_t      n = 0;

  *out = tgv_command_find(name);
  if (*out) return TGV_OK;
  for (size_t i = 0; tgv_commands[i] && n < 64; i++) names[n++] = tgv_commands[i]->name;
  return fail_unknown("command", name, "", tgv_nearest(name, names), "");
}

static const struct tgv_option *find_in(const struct tgv_option *options, const char *name, size_t length)
{
  for (const struct tgv_option *o = options; o && o->name; o++)
    if (strlen(o->name) == length && strncmp(o->name, name, length) == 0) return o;
  return NULL;
}

static tgv_status find_option(const struct tgv_command *command, const char *word,
                              const struct tgv_option **out)
{
  static const struct tgv_option version = {"version", NULL, "print the version"};
  const char                    *name = word + 2, *names[65] = {0}, *nearest;
  size_t                         length = strcspn(name, "="), n = 0;
  char                          *alone, of[64] = "";
  tgv_status_code                status;

  *out = find_in(tgv_common_options, name, length);
  if (!*out && command) *out = find_in(command->options, name, length);
  if (!*out && !command && length == 7 && strncmp(name, "version", 7) == 0) *out = &version;
  if (*out) return TGV_OK;
  if (command)
    for (const struct tgv_option *o = command->options; o && o->name && n < 60; o++) names[n++] = o->name;
  for (const struct tgv_option *o = tgv_common_options; o->name && n < 64; o++) names[n++] = o->name;
  alone = tgv_text_copy(word);
  alone[2 + length] = '\0';
  nearest = tgv_nearest(alone + 2, names);
  if (command) snprintf(of, sizeof of, " of tgv %s", command->name);
  status = fail_unknown("option", alone, of, nearest, "--");
  free(alone);
  return status;
}

static tgv_status take_common(struct tgv_arguments *a, const struct tgv_option *o, const char *value)
{
  if (strcmp(o->name, "json") == 0) a->json = true;
  if (strcmp(o->name, "quiet") == 0) a->quiet = true;
  if (strcmp(o->name, "help") == 0) a->help = true;
  if (strcmp(o->name, "version") == 0) a->version = true;
  if (strcmp(o->name, "threads") == 0 && value) {
    char *end;
    long  n = strtol(value, &end, 10);

    if (*value == '\0' || *end || n < 1 || n > 4096)
      return tgv_fail(TGV_INPUT, "--threads %s: a whole number from 1 to 4096 is expected", value);
    a->threads = (int)n;
  }
  return TGV_OK;
}

/* argv[*i] begins with "--"; takes its value too, which may be the next argument. */
static tgv_status take_option(struct tgv_arguments *a, int argc, char **argv, int *i)
{
  const struct tgv_option *option;
  const char              *word = argv[*i], *value = strchr(word, '=');

  TGV_TRY(find_option(a->command, word, &option));
  if (value) value++;
  if (!option->argument && value)
    return tgv_fail(TGV_INPUT, "--%s takes no value, got \"%s\"", option->name, value);
  if (option->argument && !value) {
    if (*i + 1 >= argc)
      return tgv_fail(TGV_INPUT, "--%s needs a value: --%s %s", option->name, option->name, option->argument);
    value = argv[++*i];
  }
  a->given[a->given_count++] = (struct tgv_given){option, value};
  return take_common(a, option, value);
}

/* --json holds for errors too, wherever it stands, so it is looked for before anything can fail. */
static bool wants_json(int argc, char **argv)
{
  for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
    if (strcmp(argv[i], "--json") == 0) return true;
  return false;
}

static tgv_status check_count(const struct tgv_arguments *a)
{
  const struct tgv_command *c = a->command;

  if (!c || a->help) return TGV_OK;
  if (a->count < c->least) return tgv_fail(TGV_INPUT, "an argument is missing: tgv %s %s", c->name, c->usage);
  if (a->count > c->most)
    return tgv_fail(TGV_INPUT, "unexpected argument \"%s\": tgv %s %s", a->plain[c->most], c->name, c->usage);
  return TGV_OK;
}

tgv_status tgv_arguments_read(int argc, char **argv, struct tgv_arguments *a)
{
  size_t room = argc > 0 ? (size_t)argc : 1;
  bool   options = true; /* until "--" */

  *a = (struct tgv_arguments){.json = wants_json(argc, argv)};
  a->plain = tgv_allocate(room, sizeof *a->plain);
  a->given = tgv_allocate(room, sizeof *a->given);
  for (int i = 1; i < argc; i++) {
    const char *word = argv[i];

    if (options && strcmp(word, "--") == 0)
      options = false;
    else if (options && strcmp(word, "-h") == 0)
      a->help = true;
    else if (options && strncmp(word, "--", 2) == 0)
      TGV_TRY(take_option(a, argc, argv, &i));
    else if (options && word[0] == '-' && word[1] != '\0' && !strchr("0123456789.", word[1]))
      return tgv_fail(TGV_INPUT, "unknown option \"%s\": options begin with two dashes", word);
    else if (!a->command && options)
      TGV_TRY(find_command(word, &a->command));
    else
      a->plain[a->count++] = word;
  }
  return check_count(a);
}

void tgv_arguments_release(struct tgv_arguments *a)
{
  free(a->plain);
  free(a->given);
  *a = (struct tgv_arguments){0};
}

/* ---- asking for them */

size_t tgv_option_values(const struct tgv_arguments *a, const char *name, const char **values)
{
  size_t n = 0;

  for (size_t i = 0; i < a->given_count; i++)
    if (strcmp(a->given[i].option->name, name) == 0) values[n++] = a->given[i].value;
  return n;
}

const char *tgv_option_value(const struct tgv_arguments *a, const char *name)
{
  for (size_t i = a->given_count; i-- > 0;)
    if (strcmp(a->given[i].option->name, name) == 0) return a->given[i].value;
  return NULL;
}

bool tgv_option_given(const struct tgv_arguments *a, const char *name)
{
  for (size_t i = 0; i < a->given_count; i++)
    if (strcmp(a->given[i].option->name, name) == 0) return true;
  return false;
}

tgv_status tgv_option_count(const struct tgv_arguments *a, const char *name, long least, long *out)
{
  const char *value = tgv_option_value(a, name);
  char       *end;
  long        n;

  if (!value) return TGV_OK;
  errno = 0;
  n = strtol(value, &end, 10);
  if (*value == '\0' || *end || errno || n < least)
    return tgv_fail(TGV_INPUT, "--%s %s: a whole number of at least %ld is expected", name, value, least);
  *out = n;
  return TGV_OK;
}

void tgv_json_print(cJSON *json)
{
  char *text = cJSON_Print(json);

  if (text) puts(text);
  cJSON_free(text);
  cJSON_Delete(json);
}

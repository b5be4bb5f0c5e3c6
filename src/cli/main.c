/* The program `tgv`: reads the arguments by the tables of the commands, runs one, says what went wrong. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/help.h"
#include "core/parallel.h"

/* "project.yaml:3:5: ..." stands alone, so that editors find the place; other messages get our name in front.
 */
static bool names_a_place(const char *message)
{
  size_t n = strcspn(message, ":\n ");

  return n > 0 && message[n] == ':' && message[n + 1] >= '0' && message[n + 1] <= '9';
}

/* The lines of a message that name a place, as objects. */
static cJSON *places(const char *message)
{
  cJSON *array = cJSON_CreateArray();
  char   file[1024], text[2048];
  int    line, column;

  for (const char *at = message; at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL) {
    cJSON *place;

    if (!names_a_place(at) || sscanf(at, "%1023[^:\n]:%d:%d: %2047[^\n]", file, &line, &column, text) != 4)
      continue;
    place = cJSON_CreateObject();
    cJSON_AddStringToObject(place, "file", file);
    cJSON_AddNumberToObject(place, "line", line);
    cJSON_AddNumberToObject(place, "column", column);
    cJSON_AddStringToObject(place, "message", text);
    cJSON_AddItemToArray(array, place);
  }
  return array;
}

static void report_error(const struct tgv_arguments *a, tgv_status_code status)
{
  const char *message = tgv_error_message();

  if (a->json) {
    cJSON *json = cJSON_CreateObject(), *error = cJSON_AddObjectToObject(json, "error");

    cJSON_AddStringToObject(error, "status", tgv_status_name(status));
    cJSON_AddNumberToObject(error, "code", (double)status);
    if (a->command) cJSON_AddStringToObject(error, "command", a->command->name);
    cJSON_AddStringToObject(error, "message", message);
    cJSON_AddItemToObject(error, "places", places(message));
    tgv_json_print(json);
    return;
  }
  fprintf(stderr, "%s%s\n", names_a_place(message) ? "" : "tgv: ", message);
}

static tgv_status dispatch(const struct tgv_arguments *a)
{
  if (a->version) {
    tgv_help_version(a->json);
    return TGV_OK;
  }
  if (a->help && a->command) {
    tgv_help_command(a->command, a->json);
    return TGV_OK;
  }
  if (a->help) {
    tgv_help_overview(a->json);
    return TGV_OK;
  }
  if (!a->command) {
    if (!a->json) tgv_help_overview(false);
    return tgv_fail(TGV_INPUT, "a command is missing");
  }
  if (a->threads) tgv_parallel_set_threads(a->threads);
  tgv_progress_silence(a->quiet || a->json);
  return a->command->run(a);
}

/* All ranks do the work, the first one speaks. */
static tgv_status start_ranks(void)
{
  TGV_TRY(tgv_parallel_start());
  if (tgv_parallel_rank() != 0 && !freopen("/dev/null", "w", stdout))
    return tgv_fail(TGV_EXTERNAL, "cannot open /dev/null");
  return TGV_OK;
}

int main(int argc, char **argv)
{
  struct tgv_arguments a = {0};
  tgv_status_code      status = start_ranks();

  if (status == TGV_OK) status = tgv_arguments_read(argc, argv, &a);
  if (status == TGV_OK) status = dispatch(&a);
  /* a command that has said everything itself leaves no message */
  if (status && tgv_error_message()[0] && tgv_parallel_rank() == 0) report_error(&a, status);
  tgv_arguments_release(&a);
  if (fflush(stdout) || ferror(stdout)) {
    fprintf(stderr, "tgv: the output could not be written\n");
    if (status == TGV_OK) status = TGV_FILE;
  }
  tgv_parallel_stop();
  return (int)status;
}

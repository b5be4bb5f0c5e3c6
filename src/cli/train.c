#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/listing.h"
#include "cli/project_argument.h"
#include "cli/train_page.h"
#include "core/file.h"
#include "core/parallel.h"
#include "core/text.h"
#include "model/run.h"
#include "registry.h"

static const char *const columns[] = {"project",   "class", "runs",  "now", "right",
                                      "uncertain", "time",  "again", NULL};

struct session {
  const struct tgv_arguments *a;
  long                        again; /* runs of each class to be solved again */
  size_t                      classes, differing;
  struct tgv_listing          list;
  cJSON                      *json; /* array of the classes */
  struct tgv_text             page;
};

static const char *percent(char text[32], size_t part, size_t all)
{
  snprintf(text, 32, "%.1f %%", all ? 100 * (double)part / (double)all : 0);
  return text;
}

static void add_json(cJSON *list, const char *project, const char *group, const struct tgv_regime_report *t,
                     const struct tgv_plating_again *again)
{
  cJSON *o = cJSON_CreateObject();

  cJSON_AddItemToArray(list, o);
  cJSON_AddStringToObject(o, "project", project);
  cJSON_AddStringToObject(o, "class", group);
  cJSON_AddNumberToObject(o, "runs", (double)(t->rows + t->failed));
  cJSON_AddNumberToObject(o, "without_answer", (double)t->failed);
  cJSON_AddNumberToObject(o, "solved_now", (double)t->solved);
  cJSON_AddNumberToObject(o, "checked_now", (double)t->checked);
  cJSON_AddNumberToObject(o, "accuracy", 1 - (double)t->spread_mistakes / (double)t->spread_rows);
  cJSON_AddNumberToObject(o, "uncertain", (double)t->uncertain / (double)t->spread_rows);
  cJSON_AddNumberToObject(o, "seconds", t->seconds);
  cJSON_AddNumberToObject(o, "again", (double)again->solved);
  cJSON_AddNumberToObject(o, "differing", (double)again->differing);
}

static tgv_status add_class(struct session *s, const char *project, const char *group,
                            const struct tgv_plating_class *c)
{
  const struct tgv_regime_report *t = tgv_regime_model_report(c->model);
  struct tgv_plating_again        again = {0};
  char                            runs[64], solved[32], right[32], uncertain[32], seconds[32], word[64] = "";

  if (s->again > 0) TGV_TRY(tgv_plating_class_again(c, (size_t)s->again, &again));
  s->classes++;
  s->differing += again.differing;
  snprintf(runs, sizeof runs, t->failed ? "%zu (%zu without answer)" : "%zu", t->rows + t->failed, t->failed);
  snprintf(solved, sizeof solved, "%zu", t->solved);
  snprintf(seconds, sizeof seconds, "%.3g s", t->seconds);
  if (again.solved > 0)
    snprintf(word, sizeof word, "%zu of %zu differ, by %.1g %%", again.differing, again.solved,
             100 * again.worst);
  tgv_listing_add(&s->list, project, group, runs, solved,
                  percent(right, t->spread_rows - t->spread_mistakes, t->spread_rows),
                  percent(uncertain, t->uncertain, t->spread_rows), seconds, word);
  add_json(s->json, project, group, t, &again);
  tgv_train_page_class(&s->page, project, group, c);
  return TGV_OK;
}

static tgv_status train(struct session *s, const struct tgv_project *p)
{
  const struct tgv_run_options options = {.quiet = s->a->quiet};
  struct tgv_run              *run;
  struct tgv_plating_classes   classes = {0};
  tgv_status_code              status;

  if (!tgv_chosen(p, TGV_P_copper_plating_model, "fitted")) return TGV_OK;
  TGV_TRY(tgv_run_open(p, tgv_stages, &options, &run));
  status = tgv_plating_classes_make(run->flow, &classes);
  for (size_t k = 0; k < classes.count && !status; k++)
    if (classes.class[k].model)
      status = add_class(s, tgv_text(p, TGV_P_project_name), run->package.group[classes.class[k].group].name,
                         &classes.class[k]);
  tgv_plating_classes_release(&classes);
  tgv_run_close(run);
  return status;
}

static tgv_status train_all(struct session *s)
{
  for (size_t i = 0; i < s->a->count; i++) {
    struct tgv_arguments one = *s->a;
    struct tgv_project  *p;
    tgv_status_code      status;

    one.plain += i, one.count = 1;
    TGV_TRY(tgv_project_argument(&one, &p));
    status = train(s, p);
    tgv_project_free(p);
    if (status) tgv_error_note("training the models of %s", s->a->plain[i]);
    TGV_TRY(status);
  }
  return TGV_OK;
}

static tgv_status conclude(struct session *s)
{
  const char *tables = tgv_option_value(s->a, "write"), *page = tgv_option_value(s->a, "page");

  if (tgv_parallel_rank() != 0) return TGV_OK;
  if (tables) TGV_TRY(tgv_regime_models_write(tables));
  if (page) TGV_TRY(tgv_file_write(page, s->page.data, s->page.size));
  if (s->a->json) {
    cJSON *o = cJSON_CreateObject();

    cJSON_AddItemToObject(o, "classes", s->json);
    s->json = NULL;
    tgv_json_print(o);
  } else if (s->classes > 0) {
    tgv_listing_print(
        &s->list,
        "project, class, runs, of them solved now, held-out in the right regime, uncertain, processor "
        "time of all runs, again");
  } else {
    printf("no project has copper_plating.model = fitted: there is nothing to train\n");
  }
  return s->differing ? TGV_FAILED : TGV_OK;
}

static tgv_status run_train(const struct tgv_arguments *a)
{
  struct session  s = {.a = a};
  tgv_status_code status;

  TGV_TRY(tgv_option_count(a, "again", 1, &s.again));
  tgv_regime_models_recall_only(tgv_option_given(a, "ready"));
  tgv_interrupt_catch();
  tgv_listing_begin(&s.list, columns);
  tgv_train_page_begin(&s.page);
  s.json = cJSON_CreateArray();
  status = train_all(&s);
  if (!status) status = conclude(&s);
  cJSON_Delete(s.json);
  tgv_listing_release(&s.list);
  tgv_text_release(&s.page);
  return status;
}

const struct tgv_command tgv_command_train = {
    .name = "train",
    .title = "train the plating models of projects ahead, and say how good they are",
    .usage = "PROJECT...",
    .description =
        "Each class of vias that are plated alike has a model that is trained on runs of the fast plating "
        "solver. Every command that needs one trains it; this one does nothing else. Runs are kept in the "
        "directory of tables ($TGV_TABLES, else ~/.cache/opentgv/tables), one by one: a training that was "
        "stopped goes on where it was. Runs that come with the program are not made again.\n"
        "Prints a line for each class: how many runs there are and how many of them had to be solved now, "
        "how many of those spread evenly over the ranges are predicted in the right regime from the other "
        "runs, and how many are too close to a boundary to be sure. With --again the exit code is 1 if the "
        "solver says something else now.",
    .examples = "tgv train project.yaml\n"
                "tgv train --again 3 project.yaml",
    .options =
        (const struct tgv_option[]){
            {"again", "N", "solve N runs of each class again and compare: regime, and outputs to 0.1 %"},
            {"ready", NULL, "make no runs: exit code 1 if some are missing"},
            {"write", "DIRECTORY",
             "write the runs into a directory, as the program ships them in data/tables"},
            {"page", "FILE", "write ranges, confusion of regimes and held-out errors as Markdown"},
            {"set", "KEY=VALUE", "change a key of the projects, may be given several times"},
            {NULL, NULL, NULL},
        },
    .least = 1,
    .most = TGV_ANY_NUMBER,
    .run = run_train,
};

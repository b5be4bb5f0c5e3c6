/* A line to test on: a plain project with some keys changed, its panel, vias, stages and one block. After
 * check.h. */
#ifndef TGV_TESTS_LINE_H
#define TGV_TESTS_LINE_H

#include <stdlib.h>

#include "model/flow.h"
#include "registry.h"

struct line {
  struct tgv_project *project;
  struct tgv_package  package;
  struct tgv_panel    panel;
  struct tgv_flow    *flow;
  struct tgv_block   *block;
};

/** keys: "wet_etching.time", "40 min", ..., NULL. All registered stages that make vias take part. */
static inline void line_open(struct line *line, const char *const *keys)
{
  check_ok(tgv_project_plain(&line->project));
  for (; keys && keys[0]; keys += 2) check_ok(tgv_project_set(line->project, keys[0], keys[1]));
  check_ok(tgv_panel_build(line->project, &line->panel));
  check_ok(tgv_package_build(line->project, &line->package));
  check_ok(tgv_flow_open(line->project, &line->package, &line->panel, tgv_stages, &line->flow));
  line->block = tgv_block_new();
}

static inline void line_close(struct line *line)
{
  tgv_block_free(line->block);
  tgv_flow_close(line->flow);
  tgv_package_release(&line->package);
  tgv_panel_release(&line->panel);
  tgv_project_free(line->project);
}

/** A block of n vias of the first group at the centre of the panel, all inputs nominal. */
static inline struct tgv_block *line_nominal(struct line *line, size_t n)
{
  struct tgv_block *b = line->block;

  b->n = n;
  b->group = 0;
  b->via_group = &line->package.group[0];
  for (size_t i = 0; i < n; i++) b->x[i] = b->y[i] = 0.0;
  tgv_block_nominal(line->project, b);
  return b;
}

/** Runs the physics of one nominal via at (x, y). */
static inline struct tgv_block *line_one(struct line *line, double x, double y)
{
  struct tgv_block *b = line_nominal(line, 1);

  b->x[0] = x;
  b->y[0] = y;
  tgv_flow_physics(line->flow, b);
  return b;
}

#define LINE(...) ((const char *const[]){__VA_ARGS__, NULL})

#endif

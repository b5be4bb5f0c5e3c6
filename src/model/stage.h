/* A stage: one step of the factory, one file, one object of this type. What it declares is what it may touch; the run refuses
   the rest, so these lines are the data-flow diagram (tgv list --flow). */
#ifndef TGV_MODEL_STAGE_H
#define TGV_MODEL_STAGE_H

#include "model/block.h"
#include "model/columns.h"
#include "model/place_map.h"
#include "model/project.h"

struct tgv_flow;
struct tgv_run;

enum tgv_stage_kind {
  TGV_STAGE_INPUTS, /* sets the process inputs at each via: variation, defects */
  TGV_STAGE_VIAS,   /* physics of a via: columns from inputs and columns; a pure function of them */
  TGV_STAGE_PANEL   /* looks at the whole panel or at an ensemble, and writes results */
};

struct tgv_stage {
  const char             *name, *title;
  const char             *source; /* author year, doi; "" for our own */
  enum tgv_stage_kind     kind;
  const enum tgv_section *sections; /* of the project that it reads; ends with TGV_SECTION_COUNT */
  const enum tgv_param   *inputs;   /* varying inputs that it reads (INPUTS: changes); ends with TGV_P_END */
  const enum tgv_column  *reads;    /* via columns, ends with TGV_C_END; NULL: none */
  const enum tgv_column  *writes;   /* via columns; a PANEL stage: the results it writes */
  const char *const *after; /* PANEL: names of stages whose results it uses; ends with NULL; may be NULL */
  /** The key that chooses between models of this step, and its word that means this stage; TGV_P_END: always runs. */
  enum tgv_param chosen_by;
  const char    *chosen_word; /* "!none": any word but none */
  bool fitted; /* begin fits to runs of a solver that contain natural constants: the generated dimension test
                            leaves it out, its own test scales the solver */
  size_t state_size;                                             /* of what begin prepares; zeroed before */
  tgv_status (*begin)(const struct tgv_flow *flow, void *state); /* once per panel, may be NULL */
  void (*end)(void *state); /* of a begun stage, also if begin has failed; may be NULL */
  void (*vias)(const void *state, struct tgv_block *b); /* INPUTS and VIAS */
  tgv_status (*panel)(struct tgv_run *run);             /* PANEL */
  /** Works out the place map of the input `mapped`, which the variation of that input then contains; called once per flow if the
      stage is chosen, whatever its kind. Initialises `departure`: local over nominal value, less 1. NULL: no map. */
  enum tgv_param mapped;
  tgv_status (*map)(const struct tgv_flow *flow, struct tgv_field_grid *departure);
};

/** Whether the project asks for a stage: by its key, always without one. A chosen_word of "!none" means any word but "none". */
bool tgv_stage_chosen(const struct tgv_project *p, const struct tgv_stage *s);

#define TGV_INPUTS(...) ((const enum tgv_param[]){__VA_ARGS__, TGV_P_END})
#define TGV_COLUMNS(...) ((const enum tgv_column[]){__VA_ARGS__, TGV_C_END})
#define TGV_SECTIONS(...) ((const enum tgv_section[]){__VA_ARGS__, TGV_SECTION_COUNT})
#define TGV_STAGES(...) ((const char *const[]){__VA_ARGS__, NULL})

#endif

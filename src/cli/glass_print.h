/* A glass by formula as text, as JSON, and as a file of the library. */
#ifndef TGV_CLI_GLASS_PRINT_H
#define TGV_CLI_GLASS_PRINT_H

#include <cjson/cJSON.h>

#include "process/glass_nearest.h"
#include "process/glass_search.h"

/** A value in the unit of its property, "73.99 GPa"; "" if it is not known. */
const char *tgv_glass_value_print(const struct tgv_glass_value *v, char *buffer, size_t size);
/** Its standard error, "2.8 GPa". */
const char *tgv_glass_band_print(const struct tgv_glass_value *v, char *buffer, size_t size);

/** Properties by the chosen models, by the others, viscosity, nearest glass of the library. Dk: NAN if not asked for. */
tgv_status tgv_glass_print(const struct tgv_formulation *f, double Dk);
tgv_status tgv_glass_json(const struct tgv_formulation *f, double Dk, cJSON **out);
cJSON     *tgv_glass_composition_json(const struct tgv_composition *c);
/** The table of models with their errors, windows, sources. */
void   tgv_glass_models_print(void);
cJSON *tgv_glass_models_json(void);
/** Writes the file of a library glass of class derived; the error and source of each model go with its value. */
tgv_status tgv_glass_write(const struct tgv_formulation *f, const char *name, const char *path);

/** Prints what a search has found. */
void   tgv_glass_found_print(const struct tgv_glass_search *s, const struct tgv_glass_found *found, size_t n);
cJSON *tgv_glass_found_json(const struct tgv_glass_search *s, const struct tgv_glass_found *found, size_t n);

#endif

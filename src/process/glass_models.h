/* Glass by formula: a composition in oxides, and the models of glass_models.def that make properties of it. */
#ifndef TGV_PROCESS_GLASS_MODELS_H
#define TGV_PROCESS_GLASS_MODELS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/columns.h"

enum tgv_oxide {
#define OXIDE(symbol, mass, G, V, polarizability) TGV_##symbol,
#include "process/oxides.def"
#undef OXIDE
  TGV_OXIDE_COUNT
};
const char *tgv_oxide_symbol(enum tgv_oxide o);
/** TGV_OXIDE_COUNT if the symbol is none. */
enum tgv_oxide tgv_oxide_find(const char *symbol);

/** Mole fractions as they were given: their sum is 1 but for what the analysis left out. */
struct tgv_composition {
  double x[TGV_OXIDE_COUNT];
};
/** From fractions of moles or of mass. Those of moles are kept as they are, for that is what the formulas are meant for; those
    of mass become mole fractions of the same sum. TGV_INPUT if the sum is not 98 to 102 %. */
tgv_status tgv_composition_make(const double given[TGV_OXIDE_COUNT], bool weight,
                                struct tgv_composition *out);
/** Reads "SiO2=67.7 Al2O3=11" (percent; blanks or commas between). */
tgv_status tgv_composition_read(const char *text, bool weight, struct tgv_composition *out);
/** Writes "SiO2=67.7 Al2O3=11 ..." in mol %; oxides of less than 0.005 % are left out. */
void tgv_composition_print(const struct tgv_composition *c, char *buffer, size_t size);

enum tgv_glass_property {
#define GLASS_PROPERTY(name, column, unit, title) TGV_GLASS_##name,
#define GLASS_WINDOW(...)
#define GLASS_MODEL(...)
#include "process/glass_models.def"
#undef GLASS_PROPERTY
#undef GLASS_WINDOW
#undef GLASS_MODEL
  TGV_GLASS_PROPERTY_COUNT
};
struct tgv_glass_property_info {
  const char     *name, *unit, *title; /* unit of the table */
  enum tgv_column column;
};
const struct tgv_glass_property_info *tgv_glass_property_info(enum tgv_glass_property p);

enum tgv_glass_kind { TGV_GLASS_LINEAR, TGV_GLASS_VOLUME, TGV_GLASS_PACKED };
struct tgv_glass_model {
  enum tgv_glass_property property;
  const char             *name;
  enum tgv_glass_kind     kind;
  int                     window;
  double                  band, constant, coefficient[9]; /* of SiO2 ... K2O; NAN: unknown to the model */
  const char             *checked, *source, *confidence;
};
/** The table; the models of a property stand together, its default first. */
extern const struct tgv_glass_model tgv_glass_models[];
extern const size_t                 tgv_glass_model_count;
/** Stands for a density that was measured: a model without error of its own. */
extern const struct tgv_glass_model tgv_glass_density_given;
/** The model of a property by name; NULL: its default. NULL if there is none of this name. */
const struct tgv_glass_model *tgv_glass_model_find(enum tgv_glass_property p, const char *name);
/** What the window of a model is, in words. */
const char *tgv_glass_window(const struct tgv_glass_model *m);

struct tgv_glass_value {
  const struct tgv_glass_model *model;
  double value, band; /* SI; NAN: the model does not know an oxide of the glass, or the density */
  bool   outside;     /* of the window */
  char   why[64];     /* "B2O3 14 % is above 13 %"; "" if inside */
};
/** density: measured, SI; 0: from the default model. */
void tgv_glass_evaluate(const struct tgv_glass_model *m, const struct tgv_composition *c, double density,
                        struct tgv_glass_value *out);
/** V_t of Makishima and Mackenzie; NAN if the density is not known. */
double tgv_glass_packing(const struct tgv_composition *c, double density);

/** Least and largest mole fraction of an oxide in the window of a model. */
void tgv_glass_limits(const struct tgv_glass_model *m, enum tgv_oxide o, double limit[2]);

/** log10(viscosity / (Pa s)) = A + B / (T - T0) through 13.5 at the strain, 12 at the annealing and 6.65 at the softening point.
    Temperatures in K. Points that would ask for a T0 below 0 K get the least-squares law of Arrhenius (T0 = 0), which misses
    them by up to `miss` decades. False if the points are not in order. */
struct tgv_vft {
  double A, B, T0, miss;
};
bool tgv_vft_through(double strain, double anneal, double softening, struct tgv_vft *out);

/** Relative permittivity of a glass from that of a reference glass, by Clausius and Mossotti: (e - 1)/(e + 2) goes as
    polarizability over molar volume. NAN if a polarizability or a density is not known. */
double tgv_glass_permittivity(const struct tgv_composition *c, double density,
                              const struct tgv_composition *reference, double reference_density,
                              double reference_Dk);

#endif

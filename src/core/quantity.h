/* The text of a quantity, "25 um": its spelling, its number, the grammar of its unit. Used by core/units.c
 * alone. */
#ifndef TGV_CORE_QUANTITY_H
#define TGV_CORE_QUANTITY_H

#include <stdbool.h>
#include <stddef.h>

enum { TGV_SHOWN_SIZE = 64 };

/** Writes the text in ASCII ("\u00b5m" is "um", "m\u00b2" is "m2"), without blanks that separate
   nothing; false if it holds a character that no quantity has, or does not fit in `size` bytes. */
bool tgv_quantity_spell(const char *text, char *out, size_t size);
/** The length of the decimal number at the start of the text, 0 if there is none: "-1.5e3", ".5", not "nan",
 * not "0x1". */
size_t tgv_quantity_number(const char *text);
/** Whether the text is names with whole exponents, joined by blanks, "*", ".", "/" and parentheses: the part
   of udunits2's grammar that holds no numbers. A leading "1/" is allowed. */
bool tgv_unit_is_well_formed(const char *text);
/** The text as a message may hold it: control characters and broken UTF-8 as "?", cut after 60 bytes. */
const char *tgv_quantity_show(const char *text, char shown[TGV_SHOWN_SIZE]);

#endif

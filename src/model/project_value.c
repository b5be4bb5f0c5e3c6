/* One value: from its words to a number, and what is said if that fails. */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/project_inside.h"

enum { CLIP = 60, CLIPS = 8, NAME_SIZE = 128, TEXT_LENGTH = 10000 };

static struct tgv_param_numbers numbers[TGV_PARAM_COUNT];
static pthread_once_t           numbers_once = PTHREAD_ONCE_INIT;

static bool whole_number(const char *text, double *number)
{
  char *end;

  if (text[0] == '\0' || text[strspn(text, "0123456789+-.eE")] != '\0') return false;
  *number = strtod(text, &end);
  return *end == '\0' && isfinite(*number) && *number == floor(*number) && fabs(*number) < 0x1p53;
}

static bool is_percentage(const char *text)
{
  const char *percent = strchr(text, '%');

  return percent && percent[1 + strspn(percent + 1, " \t")] == '\0';
}

static int flag_of(const char *text)
{
  if (strcmp(text, "yes") == 0 || strcmp(text, "true") == 0) return 1;
  return strcmp(text, "no") == 0 || strcmp(text, "false") == 0 ? 0 : -1;
}

static double table_number(const struct tgv_param_info *info, enum tgv_param p, const char *text)
{
  double number = NAN;
  bool   good = true;

  if (!text) return NAN;
  switch (info->kind) {
  case TGV_REAL:
    good = tgv_units_read(text, info->dimension, &number) == TGV_OK;
    break;
  case TGV_SPREAD:
    good = tgv_units_read(text, TGV_FRACTION, &number) == TGV_OK;
    break;
  case TGV_COUNT:
    good = whole_number(text, &number);
    break;
  case TGV_FLAG:
    number = flag_of(text);
    break;
  case TGV_CHOICE:
    number = tgv_param_choice(p, text);
    break;
  default:
    number = 0;
  }
  TGV_BUG_IF(!good || (info->kind != TGV_REAL && number < 0 && info->kind != TGV_COUNT));
  return number;
}

static void read_numbers(void)
{
  for (int p = 0; p < TGV_PARAM_COUNT; p++) {
    const struct tgv_param_info *info = tgv_param_info((enum tgv_param)p);

    numbers[p].standard = table_number(info, (enum tgv_param)p, info->standard);
    numbers[p].min = table_number(info, (enum tgv_param)p, info->min);
    numbers[p].max = table_number(info, (enum tgv_param)p, info->max);
  }
}

const struct tgv_param_numbers *tgv_param_numbers(enum tgv_param p)
{
  pthread_once(&numbers_once, read_numbers);
  return &numbers[p];
}

const char *tgv_clip(const char *text)
{
  static _Thread_local char buffers[CLIPS][CLIP + 8];
  static _Thread_local int  turn;
  char                     *buffer = buffers[turn = (turn + 1) % CLIPS];
  size_t                    n = strcspn(text, "\n");

  if (text[n] == '\0' && n <= CLIP) return text;
  if (n > CLIP) n = CLIP;
  while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80) n--; /* not within a character */
  snprintf(buffer, CLIP + 8, "%.*s...", (int)n, text);
  return buffer;
}

/* ---- suggestions */

void tgv_suggest(struct tgv_text *wrong, const char *name, const char *const *names)
{
  const char *nearest = tgv_nearest(name, names);

  if (nearest && tgv_text_distance(name, nearest) <= 1 + strlen(nearest) / 4)
    tgv_text_add(wrong, "; did you mean \"%s\"?", nearest);
  else if (nearest)
    tgv_text_add(wrong, "; the nearest known one is \"%s\"", nearest);
}

void tgv_suggest_key(struct tgv_text *wrong, enum tgv_section s, const char *name)
{
  const struct tgv_section_info *info = tgv_section_info(s);
  const char                    *names[TGV_PARAM_COUNT + 1];
  size_t                         n = 0;

  for (int k = (int)info->first; k < (int)info->end; k++) names[n++] = tgv_param_info((enum tgv_param)k)->key;
  names[n] = NULL;
  tgv_suggest(wrong, name, names);
}

void tgv_suggest_section(struct tgv_text *wrong, const char *name)
{
  const char *names[TGV_SECTION_COUNT + 1];
  size_t      n = 0;

  for (int s = 0; s < TGV_SECTION_COUNT; s++)
    if (tgv_section_info((enum tgv_section)s)->scope != TGV_LIBRARY)
      names[n++] = tgv_section_info((enum tgv_section)s)->name;
  names[n] = NULL;
  tgv_suggest(wrong, name, names);
}

void tgv_suggest_record(struct tgv_text *wrong, const struct tgv_project *p, enum tgv_section s,
                        const char *name)
{
  const enum tgv_param identity = tgv_record_identity(s);
  const size_t         count = p->section[s].count;
  const char         **names = tgv_allocate(count + 1, sizeof *names);

  for (size_t r = 0; r < count; r++) names[r] = tgv_value_slot(p, identity, r)->chosen.written;
  tgv_suggest(wrong, name, names);
  free(names);
}

static void suggest_choice(struct tgv_text *wrong, const char *choices, const char *name)
{
  char        words[512];
  const char *names[64];
  size_t      n = 0;
  char       *state, *word;

  snprintf(words, sizeof words, "%s", choices);
  for (word = strtok_r(words, "|", &state); word && n < 63; word = strtok_r(NULL, "|", &state)) {
    tgv_text_add(wrong, "%s%s", n > 0 ? ", " : "", word);
    names[n++] = word;
  }
  names[n] = NULL;
  tgv_suggest(wrong, name, names);
}

static void suggest_input(struct tgv_text *wrong, const char *name)
{
  char        buffers[TGV_INPUT_MAX][NAME_SIZE];
  const char *names[TGV_INPUT_MAX + 1];
  int         n = tgv_input_count();

  for (int i = 0; i < n; i++) names[i] = tgv_param_name(tgv_input_param(i), buffers[i], NAME_SIZE);
  names[n] = NULL;
  tgv_suggest(wrong, name, names);
}

/* ---- values */

/* "length" of LENGTH, "heat capacity" of HEAT_CAPACITY. */
static const char *dimension_word(enum tgv_dimension d, char *buffer, size_t size)
{
  snprintf(buffer, size, "%s", tgv_dimension_name(d));
  for (char *c = buffer; *c; c++) *c = *c == '_' ? ' ' : (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
  return buffer;
}

static bool is_bare_number(const char *text)
{
  char *end;

  (void)strtod(text, &end);
  return end != text && end[strspn(end, " \t")] == '\0';
}

/* A quantity; what is wrong with it is said with a good one beside it. */
static bool read_quantity(const char *written, enum tgv_dimension d, const char *example, double *si,
                          struct tgv_text *wrong)
{
  char word[64];

  if (tgv_units_read(written, d, si) == TGV_OK) return true;
  if (d != TGV_NUMBER && d != TGV_FRACTION && is_bare_number(written))
    tgv_text_add(wrong, "%s has no unit; a %s such as \"%s\" is needed", tgv_clip(written),
                 dimension_word(d, word, sizeof word), example);
  else
    tgv_text_add(wrong, "%s", tgv_error_message());
  return false;
}

/* The unit in which the user wrote a value, if it is one of the dimension; NULL: the display unit. */
static const char *unit_of(const char *written, enum tgv_dimension d)
{
  char *unit;

  (void)strtod(written, &unit);
  unit += strspn(unit, " \t");
  return *unit && tgv_units_fit(unit, d) ? unit : NULL;
}

static bool in_range(const struct tgv_statement *s, enum tgv_param key, const char *written,
                     struct tgv_text *wrong)
{
  const struct tgv_param_info    *info = tgv_param_info(key);
  const struct tgv_param_numbers *n = tgv_param_numbers(key);
  const bool below = s->number<n->min, above = s->number> n->max;
  char                                                    limit[64];

  if (!below && !above) return true;
  if (info->kind == TGV_COUNT)
    snprintf(limit, sizeof limit, "%.0f", below ? n->min : n->max);
  else
    tgv_units_print(limit, sizeof limit, below ? n->min : n->max, info->dimension,
                    unit_of(written, info->dimension));
  tgv_text_add(wrong, "%s is %s %s", tgv_clip(written),
               below ? "below the smallest value" : "above the largest value", limit);
  return false;
}

static bool read_input(struct tgv_statement *s, const char *written, struct tgv_text *wrong)
{
  char name[NAME_SIZE];

  for (int i = 0; i < tgv_input_count(); i++) {
    if (strcmp(tgv_param_name(tgv_input_param(i), name, sizeof name), written) != 0) continue;
    s->number = i;
    return true;
  }
  tgv_text_add(wrong, "\"%s\" is no key that varies", tgv_clip(written));
  suggest_input(wrong, written);
  return false;
}

static bool read_spread(struct tgv_statement *s, enum tgv_param key, const char *written,
                        struct tgv_text *wrong)
{
  s->relative = is_percentage(written);
  s->number = NAN;
  if (!s->relative) return true;
  if (!read_quantity(written, TGV_FRACTION, "2 %", &s->number, wrong)) return false;
  if (!(s->number < tgv_param_numbers(key)->min)) return true;
  tgv_text_add(wrong, "%s is negative; a standard deviation is not", tgv_clip(written));
  return false;
}

static bool read_text(enum tgv_param key, const char *written, struct tgv_text *wrong)
{
  if (strlen(written) > TEXT_LENGTH) {
    tgv_text_add(wrong, "has %zu bytes; at most %d are taken", strlen(written), TEXT_LENGTH);
    return false;
  }
  if (tgv_param_info(key)->standard || written[strspn(written, " \t\n")] != '\0') return true;
  tgv_text_add(wrong, "is empty");
  return false;
}

bool tgv_statement_read(struct tgv_statement *s, enum tgv_param key, const char *written,
                        struct tgv_text *wrong)
{
  const struct tgv_param_info *info = tgv_param_info(key);
  const char                  *example = info->standard ? info->standard : info->min ? info->min : "";

  s->number = 0;
  s->relative = false;
  switch (info->kind) {
  case TGV_TEXT:
    return read_text(key, written, wrong);
  case TGV_REAL:
    return read_quantity(written, info->dimension, example, &s->number, wrong) &&
           in_range(s, key, written, wrong);
  case TGV_COUNT:
    if (whole_number(written, &s->number)) return in_range(s, key, written, wrong);
    tgv_text_add(wrong, "\"%s\" is no whole number", tgv_clip(written));
    return false;
  case TGV_FLAG:
    s->number = flag_of(written);
    if (s->number >= 0) return true;
    tgv_text_add(wrong, "\"%s\" is neither yes nor no", tgv_clip(written));
    return false;
  case TGV_CHOICE:
    s->number = tgv_param_choice(key, written);
    if (s->number >= 0) return true;
    tgv_text_add(wrong, "\"%s\" is none of ", tgv_clip(written));
    suggest_choice(wrong, info->choices, written);
    return false;
  case TGV_INPUT_NAME:
    return read_input(s, written, wrong);
  case TGV_SPREAD:
    return read_spread(s, key, written, wrong);
  }
  return false;
}

bool tgv_spread_resolve(struct tgv_statement *s, enum tgv_param key, int input, double nominal,
                        struct tgv_text *wrong)
{
  const enum tgv_param            of = tgv_input_param(input);
  const struct tgv_param_info    *info = tgv_param_info(of);
  const struct tgv_param_numbers *n = tgv_param_numbers(of);
  char                            name[NAME_SIZE], unit[NAME_SIZE];

  if (s->relative) {
    if (s->number != 0 && n->min < 0 && nominal == 0) {
      tgv_text_add(wrong, "%s of %s, which is 0, is nothing; give a value such as \"%s\"",
                   tgv_clip(s->written), tgv_param_name(of, name, sizeof name),
                   tgv_units_print(unit, sizeof unit, n->max / 1000, info->dimension, NULL));
      return false;
    }
    return true;
  }
  if (!read_quantity(s->written, info->dimension, info->max, &s->number, wrong)) {
    tgv_text_add(wrong, " (the input is %s)", tgv_param_name(of, name, sizeof name));
    return false;
  }
  if (s->number < tgv_param_numbers(key)->min)
    tgv_text_add(wrong, "%s is negative; a standard deviation is not", tgv_clip(s->written));
  else if (fabs(s->number) > n->max - n->min)
    tgv_text_add(wrong, "%s is more than the whole range of %s, %s", tgv_clip(s->written),
                 tgv_param_name(of, name, sizeof name),
                 tgv_units_print(unit, sizeof unit, n->max - n->min, info->dimension,
                                 unit_of(s->written, info->dimension)));
  else
    return true;
  return false;
}

#include "core/quantity.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const struct {
  const char *from, *to;
} spellings[] = {
    {"\u00b5", "u"},        {"\u03bc", "u"},   {"\u00b0", "deg"}, {"\u2103", "degC"}, {"\u00c5", "angstrom"},
    {"\u212b", "angstrom"}, {"\u03a9", "ohm"}, {"\u2126", "ohm"}, {"\u00b7", "*"},    {"\u22c5", "*"},
    {"\u00b9", "1"},        {"\u00b2", "2"},   {"\u00b3", "3"},   {"\u207b", "-"},    {"\u2212", "-"},
    {"\u00a0", " "},        {"\u2009", " "},   {"\u202f", " "},   {"\t", " "},
};

bool tgv_quantity_spell(const char *text, char *out, size_t size)
{
  size_t n = 0;

  while (*text) {
    const char *put = NULL;
    char        same[2] = {*text, '\0'};
    size_t      length = 1;

    if (*text >= ' ' && *text <= '~') put = same;
    for (size_t i = 0; !put && i < sizeof spellings / sizeof *spellings; i++) {
      length = strlen(spellings[i].from);
      if (strncmp(text, spellings[i].from, length) == 0) put = spellings[i].to;
    }
    if (!put || n + strlen(put) >= size) return false;
    text += length;
    if (*put == ' ' && (n == 0 || strchr(" */(", out[n - 1]))) continue;
    if (n > 0 && out[n - 1] == ' ' && strchr("*/)", *put)) n--;
    n += (size_t)snprintf(out + n, size - n, "%s", put);
  }
  while (n > 0 && out[n - 1] == ' ') n--;
  out[n] = '\0';
  return true;
}

static bool is_letter(char c)
{
  return isalpha((unsigned char)c) || c == '_' || c == '%';
}

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

/* Skips a name and its exponent of one digit: "um", "m2", "s-1", "K^-1". NULL if it is none. */
static const char *skip_power(const char *s)
{
  const char *digit;

  if (!is_letter(*s)) return NULL;
  while (is_letter(*s)) s++;
  digit = s + (*s == '^');
  digit += *digit == '-' || *digit == '+';
  if (is_digit(*digit))
    return is_digit(digit[1]) || digit[1] == '.' || is_letter(digit[1]) ? NULL : digit + 1;
  return digit == s ? s : NULL;
}

bool tgv_unit_is_well_formed(const char *s)
{
  int depth = 0;

  if (strncmp(s, "1/", 2) == 0 || strncmp(s, "1 /", 3) == 0) s = strchr(s, '/') + 1;
  for (;;) {
    s += strspn(s, " ");
    for (; *s == '('; s++) depth++;
    if (!(s = skip_power(s))) return false;
    for (; *s == ')'; s++)
      if (--depth < 0) return false;
    if (!*s) return depth == 0;
    if (!strchr(" */.", *s)) return false;
    s += strspn(s, " ");
    if (strchr("*/.", *s)) s++;
  }
}

static const char *skip_digits(const char *s)
{
  while (is_digit(*s)) s++;
  return s;
}

size_t tgv_quantity_number(const char *text)
{
  const char *s = text + (*text == '+' || *text == '-'), *digits = s, *end, *exponent;
  size_t      count;

  end = skip_digits(digits);
  count = (size_t)(end - digits);
  if (*end == '.') {
    digits = end + 1;
    end = skip_digits(digits);
    count += (size_t)(end - digits);
  }
  if (count == 0) return 0;
  if (*end == 'e' || *end == 'E') {
    exponent = end + 1 + (end[1] == '+' || end[1] == '-');
    if (is_digit(*exponent)) end = skip_digits(exponent);
  }
  return (size_t)(end - text);
}

/* The length of the UTF-8 character at s, 0 if there is none. */
static size_t character(const char *s)
{
  unsigned char lead = (unsigned char)*s;
  size_t n = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;

  for (size_t i = 1; i < n; i++)
    if (((unsigned char)s[i] & 0xc0) != 0x80) return 0;
  return n;
}

const char *tgv_quantity_show(const char *text, char shown[TGV_SHOWN_SIZE])
{
  size_t n = 0;

  while (*text) {
    size_t length = character(text);
    bool   printable = length > 0 && (unsigned char)*text >= ' ' && *text != 0x7f;

    if (length == 0) length = 1;
    if (n + length + sizeof "..." > TGV_SHOWN_SIZE) {
      memcpy(shown + n, "...", 3);
      n += 3;
      break;
    }
    memcpy(shown + n, printable ? text : "?", printable ? length : 1);
    n += printable ? length : 1;
    text += length;
  }
  shown[n] = '\0';
  return shown;
}

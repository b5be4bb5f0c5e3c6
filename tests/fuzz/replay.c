/* Runs a fuzz target over the files of its corpus, each also cut short at several places; one TAP case a
 * file. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "fuzz/target.h"

static int visible(const struct dirent *e)
{
  return e->d_name[0] != '.';
}

int main(int argc, char **argv)
{
  struct dirent **entry = NULL;
  int             n = argc == 2 ? scandir(argv[1], &entry, visible, alphasort) : -1;

  if (n <= 0) {
    fprintf(stderr, "usage: %s CORPUS, a folder with at least one file\n", argv[0]);
    return 1;
  }
  printf("1..%d\n", n);
  for (int i = 0; i < n; i++) {
    char  *path = tgv_path_join(argv[1], entry[i]->d_name), *data;
    size_t size;

    if (tgv_file_read(path, (size_t)1 << 30, &data, &size))
      printf("not ok %d - %s: %s\n", i + 1, path, tgv_error_message());
    else {
      /* a copy without the '\0' of tgv_file_read, so that the sanitizer sees a read past the end */
      for (size_t cut = size, step = size / 16 + 1;; cut -= step) {
        uint8_t *copy = malloc(cut ? cut : 1);

        if (copy) memcpy(copy, data, cut);
        if (copy) (void)LLVMFuzzerTestOneInput(copy, cut);
        free(copy);
        if (cut < step) break;
      }
      printf("ok %d - %s\n", i + 1, entry[i]->d_name);
      free(data);
    }
    fflush(stdout);
    free(path);
    free(entry[i]);
  }
  free(entry);
  return 0;
}

/* Linked into every program of a sanitizer build: plug-ins of Open MPI stay loaded, so that the leak checker
   can name the library a block was allocated in (tests/lsan.supp) instead of "<unknown module>". */
int dlclose(void *handle);

int dlclose(void *handle)
{
  (void)handle;
  return 0;
}

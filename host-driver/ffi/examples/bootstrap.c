/* Runs the bootstraps of a folder of vectors on a board and compares every word of their results.
 *
 *   cc -std=c11 -I ../include bootstrap.c -L ../../../target/release -lgoldilane -o bootstrap
 *   LD_LIBRARY_PATH=../../../target/release ./bootstrap vectors/ socket:/tmp/board.sock
 *
 * Exit code 0: all words are those of the folder; 1: one differs, or something failed. Little-endian machines only: the files
 * are read as they are. */
#include <goldilane.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_BYTES = 4096, MOST_TABLES = 256 };

/* Says what went wrong and ends. */
static void stop(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("error: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

/* Ends unless a call of the library succeeded. The device, if there is one, is closed by the end of the process. */
static void must(const char *what, goldilane_status status)
{
    if (status != GOLDILANE_OK)
        stop("%s: %s (status %" PRId32 ", board code %" PRIu32 ")", what, goldilane_last_error(), status,
             goldilane_last_board_code());
}

/* Reads a whole file; its bytes in *bytes, a zero behind them. */
static void *read_file(const char *folder, const char *name, size_t *bytes)
{
    char path[PATH_BYTES];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    if (length < 0 || (size_t)length >= sizeof path)
        stop("%s: the name is too long", folder);
    FILE *file = fopen(path, "rb");
    if (!file)
        stop("open %s", path);
    if (fseek(file, 0, SEEK_END))
        stop("read %s", path);
    long size = ftell(file);
    if (size < 0)
        stop("read %s", path);
    rewind(file);
    char *data = malloc((size_t)size + 1);
    if (!data)
        stop("no memory for %s", path);
    if (fread(data, 1, (size_t)size, file) != (size_t)size)
        stop("read %s", path);
    data[size] = 0;
    fclose(file);
    *bytes = (size_t)size;
    return data;
}

/* Reads a file of words of 64 bits. */
static uint64_t *read_words(const char *folder, const char *name, size_t *words)
{
    size_t bytes;
    void *data = read_file(folder, name, &bytes);
    *words = bytes / sizeof(uint64_t);
    return data;
}

/* The number behind "name": at or after *text, which moves behind it. description.json has its numbers in a fixed order, so
 * this is all of JSON that is needed. 0 if there is none. */
static int next_number(const char **text, const char *name, uint32_t *number)
{
    char key[64];
    snprintf(key, sizeof key, "\"%s\":", name);
    const char *found = strstr(*text, key);
    if (!found)
        return 0;
    char *end;
    unsigned long value = strtoul(found + strlen(key), &end, 10);
    if (value > UINT32_MAX)
        stop("description.json: %s is too large", name);
    *number = (uint32_t)value;
    *text = end;
    return 1;
}

static uint32_t need_number(const char **text, const char *name)
{
    uint32_t number;
    if (!next_number(text, name, &number))
        stop("description.json: %s is missing", name);
    return number;
}

static goldilane_parameters read_parameters(const char **text)
{
    goldilane_parameters parameters;
    parameters.lwe_dimension = need_number(text, "lwe_dimension");
    parameters.glwe_dimension = need_number(text, "glwe_dimension");
    parameters.polynomial_size = need_number(text, "polynomial_size");
    parameters.pbs_base_log = need_number(text, "pbs_base_log");
    parameters.pbs_levels = need_number(text, "pbs_levels");
    parameters.ks_base_log = need_number(text, "ks_base_log");
    parameters.ks_levels = need_number(text, "ks_levels");
    return parameters;
}

static goldilane_key load_key(goldilane_device *device, const char *folder, const goldilane_parameters *parameters)
{
    size_t bsk_words, ksk_bytes;
    uint64_t *bsk = read_words(folder, "bsk.bin", &bsk_words);
    uint32_t *ksk = read_file(folder, "ksk.bin", &ksk_bytes);
    goldilane_key key;
    must("prepare the bootstrapping key", goldilane_prepare_bsk(parameters, bsk, bsk_words, bsk, bsk_words));
    must("load the key",
         goldilane_load_key(device, parameters, bsk, bsk_words, ksk, ksk_bytes / sizeof *ksk, &key));
    printf("key loaded: n = %" PRIu32 ", %zu + %zu bytes\n", parameters->lwe_dimension, bsk_words * sizeof *bsk, ksk_bytes);
    free(bsk);
    free(ksk);
    return key;
}

/* The tables that are on the board. */
static struct {
    goldilane_lut lut;
    int loaded;
} tables[MOST_TABLES];

static goldilane_lut table(goldilane_device *device, const char *folder, uint32_t index)
{
    if (index >= MOST_TABLES)
        stop("description.json: table %" PRIu32 " of %d", index, (int)MOST_TABLES);
    if (!tables[index].loaded) {
        char name[64];
        size_t words;
        snprintf(name, sizeof name, "lut_%" PRIu32 ".bin", index);
        uint64_t *data = read_words(folder, name, &words);
        must("load a lookup table", goldilane_load_lut(device, data, words, &tables[index].lut));
        tables[index].loaded = 1;
        free(data);
    }
    return tables[index].lut;
}

/* Compares a result with its file; how many words differ. */
static size_t compare(const char *folder, size_t index, const goldilane_request *request)
{
    char name[64];
    size_t words, differ = 0;
    snprintf(name, sizeof name, "ciphertext_%zu_extract.bin", index);
    uint64_t *expected = read_words(folder, name, &words);
    if (words != request->output_words)
        stop("%s: %zu words where %zu are needed", name, words, request->output_words);
    for (size_t word = 0; word < words; word++) {
        if (request->output[word] == expected[word])
            continue;
        if (!differ++)
            printf("difference: ciphertext %zu, word %zu: expected %#" PRIx64 ", found %#" PRIx64 "\n", index, word,
                   expected[word], request->output[word]);
    }
    free(expected);
    return differ;
}

int main(int count, char **arguments)
{
    if (count != 3)
        stop("usage: %s FOLDER DEVICE", arguments[0]);
    const char *folder = arguments[1];
    size_t bytes;
    char *description = read_file(folder, "description.json", &bytes);
    const char *text = description;
    goldilane_parameters parameters = read_parameters(&text);

    goldilane_device *device;
    must("open the board", goldilane_open(arguments[2], 0, &device));
    goldilane_board board;
    must("ask the board", goldilane_describe(device, &board));
    printf("%s: %" PRIu32 " lanes, N = %" PRIu32 ", k = %" PRIu32 ", %" PRIu32 " slots\n", arguments[2], board.lanes,
           board.polynomial_size, board.glwe_dimension, board.slots);
    goldilane_key key = load_key(device, folder, &parameters);

    /* One request for each ciphertext of the description. */
    size_t ciphertexts = 0;
    goldilane_request *requests = NULL;
    uint32_t lut;
    while (next_number(&text, "lut", &lut)) {
        goldilane_request *more = realloc(requests, (ciphertexts + 1) * sizeof *requests);
        if (!more)
            stop("no memory for the requests");
        requests = more;
        goldilane_request *request = &requests[ciphertexts];
        char name[64];
        snprintf(name, sizeof name, "ciphertext_%zu_lwe_in.bin", ciphertexts);
        request->input = read_words(folder, name, &request->input_words);
        request->lut = table(device, folder, lut);
        request->degrees = (uint16_t)need_number(&text, "degrees");
        request->stride = (uint16_t)need_number(&text, "stride");
        request->output_words = request->degrees * request->input_words;
        request->output = calloc(request->output_words, sizeof *request->output);
        if (!request->output)
            stop("no memory for the results");
        ciphertexts++;
    }
    if (!ciphertexts)
        stop("description.json: no ciphertexts");

    must("bootstrap", goldilane_bootstrap(device, key, requests, ciphertexts));
    size_t differ = 0, words = 0;
    for (size_t index = 0; index < ciphertexts; index++) {
        differ += compare(folder, index, &requests[index]);
        words += requests[index].output_words;
        free((void *)requests[index].input);
        free(requests[index].output);
    }
    printf("%zu bootstraps, %zu words, %zu of them differ\n", ciphertexts, words, differ);

    for (size_t index = 0; index < MOST_TABLES; index++)
        if (tables[index].loaded)
            must("free a lookup table", goldilane_free_lut(device, tables[index].lut));
    must("free the key", goldilane_free_key(device, key));
    must("close the board", goldilane_close(device));
    free(requests);
    free(description);
    return differ ? 1 : 0;
}

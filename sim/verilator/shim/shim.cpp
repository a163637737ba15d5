// The C interface of a Verilated model: what the Rust side (`verilator/model.rs`) calls.
//
// One source for every model. For each, `GL_CLOCK` is defined as the clock's field (if there is a clock), and
// `model_ports.inc` is written, which lists the ports by macros. All memory of a model is owned by its `GlModel`. No exception leaves a function: an error is kept as
// text, and the model then refuses to go on.

#include <cstdint>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>

#include "Vmodel.h"
#include "verilated.h"
#if VM_TRACE_FST
#include "verilated_fst_c.h"
#endif

void vl_warn(const char* file, int line, const char* scope, const char* message);

#define GL_EXPORT extern "C" __attribute__((visibility("default")))

// Verilator's own forms of these end the process; here they end the call.
void vl_finish(const char* file, int line, const char*) {
    throw std::runtime_error(std::string(file) + ":" + std::to_string(line) + ": $finish");
}
void vl_stop(const char* file, int line, const char*) {
    throw std::runtime_error(std::string(file) + ":" + std::to_string(line) + ": $stop");
}
void vl_fatal(const char* file, int line, const char*, const char* message) {
    throw std::runtime_error(std::string(file) + ":" + std::to_string(line) + ": " + message);
}
// A memory image that is missing or of the wrong length is a warning for Verilator; here it is an error.
void vl_warn(const char* file, int line, const char*, const char* message) {
    throw std::runtime_error(std::string(file) + ":" + std::to_string(line) + ": " + message);
}

#if !VM_TRACE_FST
// The part of `Vmodel::eval` that evaluates. The rest of it is for models that are new, have objects of classes or
// several threads, and costs a clock of a small model a good part of its time. A Verilator that names it otherwise has
// null here.
class Vmodel___024root;
__attribute__((weak)) void Vmodel___024root___eval(Vmodel___024root* root);
#endif

struct GlPort {
    const char* name;
    void* data;
    uint32_t width;
    uint32_t is_input;
};

struct GlModel {
    VerilatedContext context;
    std::unique_ptr<Vmodel> top;
#if VM_TRACE_FST
    std::unique_ptr<VerilatedFstC> trace;
#endif
    std::string error;
};

namespace {

// Runs `work` unless an earlier call failed; 0 is success.
template <typename Work>
int guarded(GlModel* model, Work work) {
    if (!model->error.empty()) return 1;
    try {
        work();
        return 0;
    } catch (const std::exception& caught) {
        model->error = caught.what();
    } catch (...) {
        model->error = "unknown exception";
    }
    return 1;
}

// A step of a model that has been through `eval` once.
inline void step(GlModel* model) {
#if VM_TRACE_FST
    model->top->eval();
#else
    if (Vmodel___024root___eval) {
        Vmodel___024root___eval(model->top->rootp);
    } else {
        model->top->eval();
    }
#endif
}

// Evaluates, writes the values to an open trace, and lets half a clock go by.
inline void half_clock(GlModel* model) {
    step(model);
#if VM_TRACE_FST
    if (model->trace) model->trace->dump(model->context.time());
#endif
    model->context.timeInc(1);
}

// Takes the falling edge that is still to come, if there is one. It waits for the next call, so that inputs which changed
// meanwhile settle in the same evaluation.
inline bool fall(GlModel* model) {
#ifdef GL_CLOCK
    if (!model->top->GL_CLOCK) return false;
    model->top->GL_CLOCK = 0;
    half_clock(model);
    return true;
#else
    (void)model;
    return false;
#endif
}

}  // namespace

// A model with its initial blocks run and the clock low. A seed other than 0 fills what the Verilog leaves
// uninitialised with random bits; 0 fills it with zeros. Null when there is no memory.
GL_EXPORT GlModel* gl_new(uint32_t seed) {
    GlModel* model = nullptr;
    try {
        model = new GlModel;
    } catch (...) {
        return nullptr;
    }
    guarded(model, [&] {
        model->context.randReset(seed ? 2 : 0);
        if (seed) model->context.randSeed(static_cast<int>(seed & 0x7fffffffu));
#if VM_TRACE_FST
        model->context.traceEverOn(true);
#endif
        model->top = std::make_unique<Vmodel>(&model->context, "");
#define GL_INPUT(field, name, width) model->top->field = {};
#define GL_INPUT_WIDE(field, name, width) \
    for (int word = 0; word < (width + 31) / 32; ++word) model->top->field[word] = 0;
#define GL_OUTPUT(field, name, width)
#include "model_ports.inc"
#undef GL_INPUT
#undef GL_INPUT_WIDE
#undef GL_OUTPUT
        model->top->eval();
    });
    return model;
}

GL_EXPORT void gl_free(GlModel* model) {
    if (!model) return;
    guarded(model, [&] {
#if VM_TRACE_FST
        if (model->trace) model->trace->close();
#endif
        if (model->top) model->top->final();
    });
    delete model;
}

// The text of the failure after which the model does not go on; empty when there was none. Valid until the next call.
GL_EXPORT const char* gl_error(const GlModel* model) { return model->error.c_str(); }

// Lets changed inputs reach the combinational outputs; no time goes by.
GL_EXPORT int gl_eval(GlModel* model) {
    return guarded(model, [&] {
        if (!fall(model)) step(model);
    });
}

// `count` clocks: the falling edge of the one before, then the rising edge.
GL_EXPORT int gl_clock(GlModel* model, uint64_t count) {
    return guarded(model, [&] {
        for (uint64_t i = 0; i < count; ++i) {
#ifdef GL_CLOCK
            fall(model);
            model->top->GL_CLOCK = 1;
            half_clock(model);
#else
            half_clock(model);
            half_clock(model);
#endif
        }
    });
}

// The port with this number; 0 when there is none.
GL_EXPORT int gl_port(GlModel* model, uint32_t number, GlPort* port) {
    if (!model->top) return 0;
    uint32_t count = 0;
#define GL_INPUT(field, name, width) \
    if (count++ == number) { *port = GlPort{name, &model->top->field, width, 1}; return 1; }
#define GL_INPUT_WIDE(field, name, width) \
    if (count++ == number) { *port = GlPort{name, &model->top->field[0], width, 1}; return 1; }
#define GL_OUTPUT(field, name, width) \
    if (count++ == number) { *port = GlPort{name, &model->top->field, width, 0}; return 1; }
#include "model_ports.inc"
    return 0;
}

// Begins to write an FST file: `levels` of hierarchy (0 = all) from `scope` (empty = the top) down.
GL_EXPORT int gl_trace_open(GlModel* model, const char* path, int levels, const char* scope) {
#if VM_TRACE_FST
    return guarded(model, [&] {
        fall(model);
        model->trace = std::make_unique<VerilatedFstC>();
        // Verilator reads level 0 as "no choice at all", here it is "as deep as it goes".
        if (*scope) model->trace->dumpvars(levels ? levels : 1000, scope);
        model->top->trace(model->trace.get(), *scope ? 0 : levels);
        model->trace->open(path);
        if (!model->trace->isOpen()) {
            model->trace.reset();
            throw std::runtime_error(std::string("cannot write ") + path);
        }
        model->trace->dump(model->context.time());
        model->context.timeInc(1);
    });
#else
    (void)model, (void)path, (void)levels, (void)scope;
    return 2;
#endif
}

// Ends the file; the model goes on without one. A model that is traced again needs a new one: Verilator allows one
// declaration of the signals per model.
GL_EXPORT void gl_trace_close(GlModel* model) {
#if VM_TRACE_FST
    guarded(model, [&] {
        if (model->trace) {
            fall(model);
            model->trace->close();
        }
        model->trace.reset();
    });
#else
    (void)model;
#endif
}

// A small design for the tests of the model's interface: a counter, a wide register, a memory read from an image, a
// combinational path, and a register without reset.
module toy(
    input  wire         clock,
    input  wire         reset,
    input  wire [7:0]   step,
    input  wire [99:0]  wide_in,
    input  wire [127:0] key_in,
    input  wire [3:0]   address,
    input  wire         fail,
    output reg  [31:0]  count,
    output reg  [99:0]  wide_out,
    output wire [127:0] key_out,
    output reg  [15:0]  word,
    output wire [63:0]  product,
    output reg          two__underscores,
    output reg  [47:0]  never_reset
);
    reg [15:0] memory [0:15];
    initial $readmemh("images/toy.hex", memory);

    assign product = {56'd0, step} * {32'd0, count};
    assign key_out = ~key_in;

    always @(posedge clock) begin
        count <= reset ? 32'd0 : count + {24'd0, step};
        wide_out <= wide_in;
        word <= memory[address];
        two__underscores <= count[0];
        never_reset <= never_reset;
        if (fail) $finish;
    end
endmodule

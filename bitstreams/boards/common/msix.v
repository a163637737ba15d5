// msix
// MSI-X table and pending bits of BAR4, and the messages: a vector that is raised becomes pending; a pending one that is
// not masked becomes a write of its data to its address.
//
// | offset | what |
// |---|---|
// | 16 v | address of vector v, low half; 16 v + 4: high half; 16 v + 8: data; 16 v + 12: bit 0 masks (set after reset) |
// | 0x800 | pending bits |
// SPDX-License-Identifier: MIT OR Apache-2.0
`default_nettype none

module msix #(
  parameter VECTORS = 4
) (
  input wire clk,
  input wire rst,
  input wire enable,
  input wire raise_valid,
  input wire [7:0] raise_vector,
  output wire message_valid,
  output wire [63:0] message_address,
  output wire [31:0] message_data,
  input wire message_done,
  input wire [15:0] s_awaddr,
  input wire s_awvalid,
  output wire s_awready,
  input wire [31:0] s_wdata,
  input wire [3:0] s_wstrb,
  input wire s_wvalid,
  output wire s_wready,
  output wire [1:0] s_bresp,
  output wire s_bvalid,
  input wire s_bready,
  input wire [15:0] s_araddr,
  input wire s_arvalid,
  output wire s_arready,
  output wire [31:0] s_rdata,
  output wire [1:0] s_rresp,
  output wire s_rvalid,
  input wire s_rready
);
  localparam BITS = $clog2(VECTORS);
  reg [31:0] low [0:VECTORS-1];
  reg [31:0] high [0:VECTORS-1];
  reg [31:0] data [0:VECTORS-1];
  reg [VECTORS-1:0] masked, pending;
  reg [BITS-1:0] chosen;
  reg sending;
  reg answer_write, answer_read;
  reg [31:0] answer;
  integer i;

  // A write: its address first, then its data.
  reg address_held;
  reg [15:0] address;
  wire write = s_wvalid && s_wready;
  wire [BITS-1:0] w = address[BITS+3:4];
  wire w_table = address[15:BITS+4] == 0 && s_wstrb == 4'hf;
  assign s_awready = !address_held && !answer_write;
  assign s_wready = address_held;
  assign s_bresp = 2'b00;
  assign s_bvalid = answer_write;
  wire [BITS-1:0] r = s_araddr[BITS+3:4];
  wire r_table = s_araddr[15:BITS+4] == 0;
  wire r_pending = s_araddr[15:2] == 14'h200;
  assign s_arready = !answer_read;
  assign s_rdata = answer;
  assign s_rresp = 2'b00;
  assign s_rvalid = answer_read;
  assign message_valid = sending;
  assign message_address = {high[chosen], low[chosen]};
  assign message_data = data[chosen];
  wire [VECTORS-1:0] ready = pending & ~masked;

  always @(posedge clk) begin
    if (s_awvalid && s_awready) begin
      address_held <= 1'b1;
      address <= s_awaddr;
    end else if (write) address_held <= 1'b0;
    if (write && w_table) case (address[3:2])
      2'd0: low[w] <= {s_wdata[31:2], 2'b00};
      2'd1: high[w] <= s_wdata;
      2'd2: data[w] <= s_wdata;
      default: masked[w] <= s_wdata[0];
    endcase
    if (write) answer_write <= 1'b1;
    else if (s_bready) answer_write <= 1'b0;
    if (s_arvalid && s_arready) begin
      answer_read <= 1'b1;
      answer <= 32'h0;
      if (r_pending) answer <= {{(32-VECTORS){1'b0}}, pending};
      if (r_table) case (s_araddr[3:2])
        2'd0: answer <= low[r];
        2'd1: answer <= high[r];
        2'd2: answer <= data[r];
        default: answer <= {31'h0, masked[r]};
      endcase
    end else if (s_rready) answer_read <= 1'b0;
    if (sending) begin
      if (message_done) sending <= 1'b0;
    end else if (enable && ready != 0) begin
      sending <= 1'b1;
      for (i = VECTORS - 1; i >= 0; i = i - 1)
        if (ready[i]) chosen <= i[BITS-1:0];
    end
    // From here on a vector that is raised again is a message of its own.
    if (sending && message_done) pending[chosen] <= 1'b0;
    if (raise_valid && raise_vector < VECTORS) pending[raise_vector[BITS-1:0]] <= 1'b1;
    if (rst) begin
      masked <= {VECTORS{1'b1}};
      pending <= 0;
      sending <= 1'b0;
      address_held <= 1'b0;
      answer_write <= 1'b0;
      answer_read <= 1'b0;
    end
  end
endmodule

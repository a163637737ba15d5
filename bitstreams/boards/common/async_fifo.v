// async_fifo
// A queue between two clocks: 2^LOG_DEPTH words, Gray-coded positions through two registers each way.
// Both resets are synchronous to their clocks and are active together; valid/ready on both sides.
// SPDX-License-Identifier: MIT OR Apache-2.0
`default_nettype none

module async_fifo #(
  parameter WIDTH = 8,
  parameter LOG_DEPTH = 4
) (
  input wire in_clk,
  input wire in_rst,
  input wire in_valid,
  output wire in_ready,
  input wire [WIDTH-1:0] in_data,
  input wire out_clk,
  input wire out_rst,
  output wire out_valid,
  input wire out_ready,
  output wire [WIDTH-1:0] out_data
);
  reg [WIDTH-1:0] store [0:(1 << LOG_DEPTH)-1];
  reg [LOG_DEPTH:0] write_at, write_gray, read_at, read_gray;
  (* ASYNC_REG = "TRUE" *) reg [LOG_DEPTH:0] write_seen_1, write_seen;
  (* ASYNC_REG = "TRUE" *) reg [LOG_DEPTH:0] read_seen_1, read_seen;

  // Full: the Gray code of the position a whole round behind differs in the two highest bits only.
  wire full = write_gray == {~read_seen[LOG_DEPTH:LOG_DEPTH-1], read_seen[LOG_DEPTH-2:0]};
  wire [LOG_DEPTH:0] write_next = write_at + {{LOG_DEPTH{1'b0}}, 1'b1};
  wire [LOG_DEPTH:0] read_next = read_at + {{LOG_DEPTH{1'b0}}, 1'b1};
  assign in_ready = !full && !in_rst;
  assign out_valid = read_gray != write_seen;
  assign out_data = store[read_at[LOG_DEPTH-1:0]];

  always @(posedge in_clk) begin
    {read_seen, read_seen_1} <= {read_seen_1, read_gray};
    if (in_rst) begin
      write_at <= 0;
      write_gray <= 0;
    end else if (in_valid && in_ready) begin
      store[write_at[LOG_DEPTH-1:0]] <= in_data;
      write_at <= write_next;
      write_gray <= write_next ^ (write_next >> 1);
    end
  end

  always @(posedge out_clk) begin
    {write_seen, write_seen_1} <= {write_seen_1, write_gray};
    if (out_rst) begin
      read_at <= 0;
      read_gray <= 0;
    end else if (out_valid && out_ready) begin
      read_at <= read_next;
      read_gray <= read_next ^ (read_next >> 1);
    end
  end
endmodule

// burst_split
// Bursts of up to 256 beats (AXI4) as bursts of up to 16 (AXI3, as a hard memory controller takes them). All transfers
// are of full width, incrementing, of one id, and never cross 4 KiB; answers come in order.
// SPDX-License-Identifier: MIT OR Apache-2.0
`default_nettype none

module burst_split #(
  parameter ADDR = 28,
  parameter DATA = 256,
  // log2 of the short bursts that may be open in each direction.
  parameter LOG_OPEN = 5
) (
  input wire clk,
  input wire rst,
  input wire [ADDR-1:0] s_awaddr,
  input wire [7:0] s_awlen,
  input wire s_awvalid,
  output wire s_awready,
  input wire s_wlast,
  input wire s_wvalid,
  output wire s_wready,
  output wire [1:0] s_bresp,
  output wire s_bvalid,
  input wire s_bready,
  input wire [ADDR-1:0] s_araddr,
  input wire [7:0] s_arlen,
  input wire s_arvalid,
  output wire s_arready,
  output wire s_rlast,
  output wire s_rvalid,
  input wire s_rready,
  output wire [ADDR-1:0] m_awaddr,
  output wire [3:0] m_awlen,
  output wire m_awvalid,
  input wire m_awready,
  output wire m_wlast,
  output wire m_wvalid,
  input wire m_wready,
  input wire [1:0] m_bresp,
  input wire m_bvalid,
  output wire m_bready,
  output wire [ADDR-1:0] m_araddr,
  output wire [3:0] m_arlen,
  output wire m_arvalid,
  input wire m_arready,
  input wire m_rlast,
  input wire m_rvalid,
  output wire m_rready
);
  wire aw_final, aw_issued, ar_final, ar_issued, aw_room, ar_room;
  wire b_is_final, b_known, r_is_final, r_known;
  reg [3:0] w_beat;
  reg [1:0] worst;

  burst_split_address #(.ADDR(ADDR), .DATA(DATA)) u_aw (
    .clk(clk), .rst(rst), .room(aw_room),
    .s_addr(s_awaddr), .s_len(s_awlen), .s_valid(s_awvalid), .s_ready(s_awready),
    .m_addr(m_awaddr), .m_len(m_awlen), .m_valid(m_awvalid), .m_ready(m_awready),
    .issued(aw_issued), .is_final(aw_final)
  );
  burst_split_address #(.ADDR(ADDR), .DATA(DATA)) u_ar (
    .clk(clk), .rst(rst), .room(ar_room),
    .s_addr(s_araddr), .s_len(s_arlen), .s_valid(s_arvalid), .s_ready(s_arready),
    .m_addr(m_araddr), .m_len(m_arlen), .m_valid(m_arvalid), .m_ready(m_arready),
    .issued(ar_issued), .is_final(ar_final)
  );
  burst_split_marks #(.LOG_DEPTH(LOG_OPEN)) u_b (
    .clk(clk), .rst(rst), .push(aw_issued), .mark_in(aw_final), .room(aw_room),
    .pop(m_bvalid && m_bready), .known(b_known), .mark(b_is_final)
  );
  burst_split_marks #(.LOG_DEPTH(LOG_OPEN)) u_r (
    .clk(clk), .rst(rst), .push(ar_issued), .mark_in(ar_final), .room(ar_room),
    .pop(m_rvalid && m_rready && m_rlast), .known(r_known), .mark(r_is_final)
  );

  assign m_wvalid = s_wvalid;
  assign s_wready = m_wready;
  assign m_wlast = s_wlast || w_beat == 4'hf;
  // Of the answers to one burst the worst is told, with the last.
  assign s_bvalid = m_bvalid && b_known && b_is_final;
  assign s_bresp = worst | m_bresp;
  assign m_bready = b_known && (!b_is_final || s_bready);
  assign s_rvalid = m_rvalid && r_known;
  assign s_rlast = m_rlast && r_is_final;
  assign m_rready = s_rready && r_known;

  always @(posedge clk)
    if (rst) begin
      w_beat <= 4'h0;
      worst <= 2'b00;
    end else begin
      if (s_wvalid && s_wready) w_beat <= m_wlast ? 4'h0 : w_beat + 4'h1;
      if (m_bvalid && m_bready) worst <= b_is_final ? 2'b00 : worst | m_bresp;
    end
endmodule

// The addresses of the short bursts of a long one.
module burst_split_address #(
  parameter ADDR = 28,
  parameter DATA = 256
) (
  input wire clk,
  input wire rst,
  input wire room,
  input wire [ADDR-1:0] s_addr,
  input wire [7:0] s_len,
  input wire s_valid,
  output wire s_ready,
  output wire [ADDR-1:0] m_addr,
  output wire [3:0] m_len,
  output wire m_valid,
  input wire m_ready,
  output wire issued,
  output wire is_final
);
  localparam [ADDR-1:0] STEP = 16 * DATA / 8;
  reg active;
  reg [ADDR-1:0] addr;
  // Beats that are left, less one.
  reg [7:0] left;
  assign s_ready = !active;
  assign is_final = left[7:4] == 4'h0;
  assign m_addr = addr;
  assign m_len = is_final ? left[3:0] : 4'hf;
  assign m_valid = active && room;
  assign issued = m_valid && m_ready;
  always @(posedge clk)
    if (rst) active <= 1'b0;
    else if (!active) begin
      active <= s_valid;
      addr <= s_addr;
      left <= s_len;
    end else if (issued) begin
      active <= !is_final;
      addr <= addr + STEP;
      left <= left - 8'd16;
    end
endmodule

// For every open short burst: is it the last of its long one?
module burst_split_marks #(
  parameter LOG_DEPTH = 5
) (
  input wire clk,
  input wire rst,
  input wire push,
  input wire mark_in,
  output wire room,
  input wire pop,
  output wire known,
  output wire mark
);
  reg [(1 << LOG_DEPTH)-1:0] marks;
  reg [LOG_DEPTH:0] write_at, read_at;
  localparam [LOG_DEPTH:0] ONE = 1;
  assign known = write_at != read_at;
  assign room = write_at != {~read_at[LOG_DEPTH], read_at[LOG_DEPTH-1:0]};
  assign mark = marks[read_at[LOG_DEPTH-1:0]];
  always @(posedge clk)
    if (rst) begin
      write_at <= 0;
      read_at <= 0;
    end else begin
      if (push) begin
        marks[write_at[LOG_DEPTH-1:0]] <= mark_in;
        write_at <= write_at + ONE;
      end
      if (pop) read_at <= read_at + ONE;
    end
endmodule

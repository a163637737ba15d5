// message_join
// Puts interrupt messages between the writes of the accelerator: a message goes when no write is open, writes that come
// meanwhile wait. So it cannot overtake the completion entry that it tells of. Address and data of a write go through
// unchanged; the message is a single beat of 32 bits.
// SPDX-License-Identifier: MIT OR Apache-2.0
`default_nettype none

module message_join #(
  parameter ID = 4,
  parameter DATA = 512
) (
  input wire clk,
  input wire rst,
  input wire message_valid,
  input wire [63:0] message_address,
  input wire [31:0] message_data,
  output wire message_done,
  input wire [ID-1:0] s_awid,
  input wire [63:0] s_awaddr,
  input wire [7:0] s_awlen,
  input wire [2:0] s_awsize,
  input wire [1:0] s_awburst,
  input wire s_awvalid,
  output wire s_awready,
  input wire [DATA-1:0] s_wdata,
  input wire [DATA/8-1:0] s_wstrb,
  input wire s_wlast,
  input wire s_wvalid,
  output wire s_wready,
  output wire s_bvalid,
  input wire s_bready,
  output wire [ID-1:0] m_awid,
  output wire [63:0] m_awaddr,
  output wire [7:0] m_awlen,
  output wire [2:0] m_awsize,
  output wire [1:0] m_awburst,
  output wire m_awvalid,
  input wire m_awready,
  output wire [DATA-1:0] m_wdata,
  output wire [DATA/8-1:0] m_wstrb,
  output wire m_wlast,
  output wire m_wvalid,
  input wire m_wready,
  input wire m_bvalid,
  output wire m_bready
);
  localparam LANE_BITS = $clog2(DATA / 32);
  // Writes whose answer is due, and beats whose address has gone.
  reg [7:0] open;
  reg [7:0] owed;
  // No further write begins; the message is on its way; what of it has been taken.
  reg hold, message, aw_sent, w_sent;
  wire room = !open[7] && !owed[7];
  wire begin_message = hold && !message && open == 0 && owed == 0;
  wire pass = !hold && room;
  // An address that is offered stays until it is taken.
  wire offered = pass && s_awvalid && !m_awready;
  wire aw_taken = s_awvalid && s_awready;
  wire last_taken = s_wvalid && s_wready && s_wlast;
  wire b_taken = s_bvalid && s_bready;
  wire [LANE_BITS-1:0] lane = message_address[LANE_BITS+1:2];
  assign message_done = message && m_bvalid;
  assign s_awready = pass && m_awready;
  assign s_wready = !message && owed != 0 && m_wready;
  assign s_bvalid = !message && m_bvalid;
  assign m_bready = message || s_bready;
  assign m_awvalid = message ? !aw_sent : pass && s_awvalid;
  assign m_awid = message ? {ID{1'b0}} : s_awid;
  assign m_awaddr = message ? message_address : s_awaddr;
  assign m_awlen = message ? 8'd0 : s_awlen;
  assign m_awsize = message ? 3'd2 : s_awsize;
  assign m_awburst = message ? 2'b01 : s_awburst;
  assign m_wvalid = message ? !w_sent : owed != 0 && s_wvalid;
  assign m_wdata = message ? {(DATA/32){message_data}} : s_wdata;
  assign m_wstrb = message ? {{(DATA/8-4){1'b0}}, 4'hf} << {lane, 2'b00} : s_wstrb;
  assign m_wlast = message || s_wlast;

  always @(posedge clk)
    if (rst) begin
      open <= 0;
      owed <= 0;
      hold <= 1'b0;
      message <= 1'b0;
      aw_sent <= 1'b0;
      w_sent <= 1'b0;
    end else begin
      if (message_done) hold <= 1'b0;
      else if (message_valid && !offered) hold <= 1'b1;
      open <= open + {7'h0, aw_taken} - {7'h0, b_taken};
      owed <= owed + {7'h0, aw_taken} - {7'h0, last_taken};
      if (begin_message) message <= 1'b1;
      if (message) begin
        if (m_awready) aw_sent <= 1'b1;
        if (m_wready) w_sent <= 1'b1;
      end
      if (message_done) begin
        message <= 1'b0;
        aw_sent <= 1'b0;
        w_sent <= 1'b0;
      end
    end
endmodule

// axi_to_lite
// Register accesses of the host, as a PCIe bridge gives them on its wide AXI4 bus, as AXI4-Lite accesses of 32 bits.
// One access at a time. A write of another width, or of several beats, becomes one without strobes, which the registers
// ignore and log; such a read is answered with zeros.
// SPDX-License-Identifier: MIT OR Apache-2.0
`default_nettype none

module axi_to_lite #(
  parameter ID = 4,
  parameter DATA = 512,
  parameter ADDR = 17
) (
  input wire clk,
  input wire rst,
  input wire [ID-1:0] s_awid,
  input wire [ADDR-1:0] s_awaddr,
  input wire [7:0] s_awlen,
  input wire s_awvalid,
  output wire s_awready,
  input wire [DATA-1:0] s_wdata,
  input wire [DATA/8-1:0] s_wstrb,
  input wire s_wlast,
  input wire s_wvalid,
  output wire s_wready,
  output wire [ID-1:0] s_bid,
  output wire [1:0] s_bresp,
  output wire s_bvalid,
  input wire s_bready,
  input wire [ID-1:0] s_arid,
  input wire [ADDR-1:0] s_araddr,
  input wire [7:0] s_arlen,
  input wire [2:0] s_arsize,
  input wire s_arvalid,
  output wire s_arready,
  output wire [ID-1:0] s_rid,
  output wire [DATA-1:0] s_rdata,
  output wire [1:0] s_rresp,
  output wire s_rlast,
  output wire s_rvalid,
  input wire s_rready,
  output wire [ADDR-1:0] m_awaddr,
  output wire m_awvalid,
  input wire m_awready,
  output wire [31:0] m_wdata,
  output wire [3:0] m_wstrb,
  output wire m_wvalid,
  input wire m_wready,
  input wire [1:0] m_bresp,
  input wire m_bvalid,
  output wire m_bready,
  output wire [ADDR-1:0] m_araddr,
  output wire m_arvalid,
  input wire m_arready,
  input wire [31:0] m_rdata,
  input wire [1:0] m_rresp,
  input wire m_rvalid,
  output wire m_rready
);
  localparam LANES = DATA / 32;
  localparam LANE_BITS = $clog2(LANES);

  // Writes: take the address, all beats, then write, then answer.
  localparam W_ADDRESS = 3'd0, W_DATA = 3'd1, W_SEND = 3'd2, W_WAIT = 3'd3, W_ANSWER = 3'd4;
  reg [2:0] w_state;
  reg [ID-1:0] w_id;
  reg [ADDR-1:0] w_addr;
  reg w_single, w_aw_sent, w_w_sent;
  reg [31:0] w_data;
  reg [3:0] w_strb;
  reg [1:0] w_resp;
  wire [LANE_BITS-1:0] w_lane = w_addr[LANE_BITS+1:2];
  wire [3:0] lane_strb = s_wstrb[4*w_lane +: 4];
  // Strobes elsewhere than in the addressed lane: a wider access.
  wire [DATA/8-1:0] lane_mask = {{(DATA/8-4){1'b0}}, 4'hf} << {w_lane, 2'b00};
  wire narrow = (s_wstrb & ~lane_mask) == 0;
  assign s_awready = w_state == W_ADDRESS;
  assign s_wready = w_state == W_DATA;
  assign m_awaddr = {w_addr[ADDR-1:2], 2'b00};
  assign m_awvalid = w_state == W_SEND && !w_aw_sent;
  assign m_wdata = w_data;
  assign m_wstrb = w_strb;
  assign m_wvalid = w_state == W_SEND && !w_w_sent;
  assign m_bready = w_state == W_WAIT;
  assign s_bid = w_id;
  assign s_bresp = w_resp;
  assign s_bvalid = w_state == W_ANSWER;
  wire aw_done = w_aw_sent || m_awready;
  wire w_done = w_w_sent || m_wready;

  always @(posedge clk)
    if (rst) begin
      w_state <= W_ADDRESS;
      w_aw_sent <= 1'b0;
      w_w_sent <= 1'b0;
    end else case (w_state)
      W_ADDRESS: if (s_awvalid) begin
        w_id <= s_awid;
        w_addr <= s_awaddr;
        w_single <= s_awlen == 0;
        w_state <= W_DATA;
      end
      W_DATA: if (s_wvalid) begin
        w_data <= s_wdata[32*w_lane +: 32];
        w_strb <= w_single && narrow ? lane_strb : 4'h0;
        if (s_wlast) w_state <= W_SEND;
      end
      W_SEND: begin
        w_aw_sent <= aw_done && !w_done;
        w_w_sent <= w_done && !aw_done;
        if (aw_done && w_done) w_state <= W_WAIT;
      end
      W_WAIT: if (m_bvalid) begin
        w_resp <= m_bresp;
        w_state <= W_ANSWER;
      end
      default: if (s_bready) w_state <= W_ADDRESS;
    endcase

  // Reads: take the address, read, answer with as many beats as were asked for.
  localparam R_ADDRESS = 2'd0, R_SEND = 2'd1, R_WAIT = 2'd2, R_ANSWER = 2'd3;
  reg [1:0] r_state;
  reg [ID-1:0] r_id;
  reg [ADDR-1:0] r_addr;
  reg [7:0] r_left;
  reg [31:0] r_data;
  reg [1:0] r_resp;
  wire r_narrow = s_arlen == 0 && s_arsize <= 3'd2;
  assign s_arready = r_state == R_ADDRESS;
  assign m_araddr = {r_addr[ADDR-1:2], 2'b00};
  assign m_arvalid = r_state == R_SEND;
  assign m_rready = r_state == R_WAIT;
  assign s_rid = r_id;
  assign s_rdata = {LANES{r_data}};
  assign s_rresp = r_resp;
  assign s_rlast = r_left == 0;
  assign s_rvalid = r_state == R_ANSWER;

  always @(posedge clk)
    if (rst) r_state <= R_ADDRESS;
    else case (r_state)
      R_ADDRESS: if (s_arvalid) begin
        r_id <= s_arid;
        r_addr <= s_araddr;
        r_left <= s_arlen;
        r_data <= 32'h0;
        r_resp <= 2'b00;
        r_state <= r_narrow ? R_SEND : R_ANSWER;
      end
      R_SEND: if (m_arready) r_state <= R_WAIT;
      R_WAIT: if (m_rvalid) begin
        r_data <= m_rdata;
        r_resp <= m_rresp;
        r_state <= R_ANSWER;
      end
      default: if (s_rready) begin
        r_left <= r_left - 8'd1;
        if (s_rlast) r_state <= R_ADDRESS;
      end
    endcase
endmodule

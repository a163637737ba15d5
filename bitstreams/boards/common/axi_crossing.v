// axi_crossing
// AXI4 from the clock of a master (s_*) to the clock of what it talks to (m_*): a queue for each channel.
// SPDX-License-Identifier: MIT OR Apache-2.0
`default_nettype none

module axi_crossing #(
  parameter ID = 4,
  parameter ADDR = 64,
  parameter DATA = 512
) (
  input wire s_clk,
  input wire s_rst,
  input wire m_clk,
  input wire m_rst,
  input wire [ID-1:0] s_awid,
  input wire [ADDR-1:0] s_awaddr,
  input wire [8-1:0] s_awlen,
  input wire [3-1:0] s_awsize,
  input wire [2-1:0] s_awburst,
  input wire s_awvalid,
  output wire s_awready,
  output wire [ID-1:0] m_awid,
  output wire [ADDR-1:0] m_awaddr,
  output wire [8-1:0] m_awlen,
  output wire [3-1:0] m_awsize,
  output wire [2-1:0] m_awburst,
  output wire m_awvalid,
  input wire m_awready,
  input wire [DATA-1:0] s_wdata,
  input wire [DATA/8-1:0] s_wstrb,
  input wire s_wlast,
  input wire s_wvalid,
  output wire s_wready,
  output wire [DATA-1:0] m_wdata,
  output wire [DATA/8-1:0] m_wstrb,
  output wire m_wlast,
  output wire m_wvalid,
  input wire m_wready,
  output wire [ID-1:0] s_bid,
  output wire [2-1:0] s_bresp,
  output wire s_bvalid,
  input wire s_bready,
  input wire [ID-1:0] m_bid,
  input wire [2-1:0] m_bresp,
  input wire m_bvalid,
  output wire m_bready,
  input wire [ID-1:0] s_arid,
  input wire [ADDR-1:0] s_araddr,
  input wire [8-1:0] s_arlen,
  input wire [3-1:0] s_arsize,
  input wire [2-1:0] s_arburst,
  input wire s_arvalid,
  output wire s_arready,
  output wire [ID-1:0] m_arid,
  output wire [ADDR-1:0] m_araddr,
  output wire [8-1:0] m_arlen,
  output wire [3-1:0] m_arsize,
  output wire [2-1:0] m_arburst,
  output wire m_arvalid,
  input wire m_arready,
  output wire [ID-1:0] s_rid,
  output wire [DATA-1:0] s_rdata,
  output wire [2-1:0] s_rresp,
  output wire s_rlast,
  output wire s_rvalid,
  input wire s_rready,
  input wire [ID-1:0] m_rid,
  input wire [DATA-1:0] m_rdata,
  input wire [2-1:0] m_rresp,
  input wire m_rlast,
  input wire m_rvalid,
  output wire m_rready
);
  async_fifo #(.WIDTH(ID + ADDR + 8 + 3 + 2), .LOG_DEPTH(4)) u_aw (
    .in_clk(s_clk), .in_rst(s_rst), .in_valid(s_awvalid), .in_ready(s_awready),
    .in_data({s_awid, s_awaddr, s_awlen, s_awsize, s_awburst}),
    .out_clk(m_clk), .out_rst(m_rst), .out_valid(m_awvalid), .out_ready(m_awready),
    .out_data({m_awid, m_awaddr, m_awlen, m_awsize, m_awburst})
  );
  async_fifo #(.WIDTH(DATA + DATA/8 + 1), .LOG_DEPTH(5)) u_w (
    .in_clk(s_clk), .in_rst(s_rst), .in_valid(s_wvalid), .in_ready(s_wready),
    .in_data({s_wdata, s_wstrb, s_wlast}),
    .out_clk(m_clk), .out_rst(m_rst), .out_valid(m_wvalid), .out_ready(m_wready),
    .out_data({m_wdata, m_wstrb, m_wlast})
  );
  async_fifo #(.WIDTH(ID + 2), .LOG_DEPTH(4)) u_b (
    .in_clk(m_clk), .in_rst(m_rst), .in_valid(m_bvalid), .in_ready(m_bready),
    .in_data({m_bid, m_bresp}),
    .out_clk(s_clk), .out_rst(s_rst), .out_valid(s_bvalid), .out_ready(s_bready),
    .out_data({s_bid, s_bresp})
  );
  async_fifo #(.WIDTH(ID + ADDR + 8 + 3 + 2), .LOG_DEPTH(4)) u_ar (
    .in_clk(s_clk), .in_rst(s_rst), .in_valid(s_arvalid), .in_ready(s_arready),
    .in_data({s_arid, s_araddr, s_arlen, s_arsize, s_arburst}),
    .out_clk(m_clk), .out_rst(m_rst), .out_valid(m_arvalid), .out_ready(m_arready),
    .out_data({m_arid, m_araddr, m_arlen, m_arsize, m_arburst})
  );
  async_fifo #(.WIDTH(ID + DATA + 2 + 1), .LOG_DEPTH(5)) u_r (
    .in_clk(m_clk), .in_rst(m_rst), .in_valid(m_rvalid), .in_ready(m_rready),
    .in_data({m_rid, m_rdata, m_rresp, m_rlast}),
    .out_clk(s_clk), .out_rst(s_rst), .out_valid(s_rvalid), .out_ready(s_rready),
    .out_data({s_rid, s_rdata, s_rresp, s_rlast})
  );
endmodule

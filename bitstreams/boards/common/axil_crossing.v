// axil_crossing
// AXI4-Lite from the clock of a master (s_*) to the clock of what it talks to (m_*): a queue for each channel.
// SPDX-License-Identifier: MIT OR Apache-2.0
`default_nettype none

module axil_crossing #(
  parameter ADDR = 16
) (
  input wire s_clk,
  input wire s_rst,
  input wire m_clk,
  input wire m_rst,
  input wire [ADDR-1:0] s_awaddr,
  input wire s_awvalid,
  output wire s_awready,
  output wire [ADDR-1:0] m_awaddr,
  output wire m_awvalid,
  input wire m_awready,
  input wire [32-1:0] s_wdata,
  input wire [4-1:0] s_wstrb,
  input wire s_wvalid,
  output wire s_wready,
  output wire [32-1:0] m_wdata,
  output wire [4-1:0] m_wstrb,
  output wire m_wvalid,
  input wire m_wready,
  output wire [2-1:0] s_bresp,
  output wire s_bvalid,
  input wire s_bready,
  input wire [2-1:0] m_bresp,
  input wire m_bvalid,
  output wire m_bready,
  input wire [ADDR-1:0] s_araddr,
  input wire s_arvalid,
  output wire s_arready,
  output wire [ADDR-1:0] m_araddr,
  output wire m_arvalid,
  input wire m_arready,
  output wire [32-1:0] s_rdata,
  output wire [2-1:0] s_rresp,
  output wire s_rvalid,
  input wire s_rready,
  input wire [32-1:0] m_rdata,
  input wire [2-1:0] m_rresp,
  input wire m_rvalid,
  output wire m_rready
);
  async_fifo #(.WIDTH(ADDR), .LOG_DEPTH(2)) u_aw (
    .in_clk(s_clk), .in_rst(s_rst), .in_valid(s_awvalid), .in_ready(s_awready),
    .in_data({s_awaddr}),
    .out_clk(m_clk), .out_rst(m_rst), .out_valid(m_awvalid), .out_ready(m_awready),
    .out_data({m_awaddr})
  );
  async_fifo #(.WIDTH(32 + 4), .LOG_DEPTH(2)) u_w (
    .in_clk(s_clk), .in_rst(s_rst), .in_valid(s_wvalid), .in_ready(s_wready),
    .in_data({s_wdata, s_wstrb}),
    .out_clk(m_clk), .out_rst(m_rst), .out_valid(m_wvalid), .out_ready(m_wready),
    .out_data({m_wdata, m_wstrb})
  );
  async_fifo #(.WIDTH(2), .LOG_DEPTH(2)) u_b (
    .in_clk(m_clk), .in_rst(m_rst), .in_valid(m_bvalid), .in_ready(m_bready),
    .in_data({m_bresp}),
    .out_clk(s_clk), .out_rst(s_rst), .out_valid(s_bvalid), .out_ready(s_bready),
    .out_data({s_bresp})
  );
  async_fifo #(.WIDTH(ADDR), .LOG_DEPTH(2)) u_ar (
    .in_clk(s_clk), .in_rst(s_rst), .in_valid(s_arvalid), .in_ready(s_arready),
    .in_data({s_araddr}),
    .out_clk(m_clk), .out_rst(m_rst), .out_valid(m_arvalid), .out_ready(m_arready),
    .out_data({m_araddr})
  );
  async_fifo #(.WIDTH(32 + 2), .LOG_DEPTH(2)) u_r (
    .in_clk(m_clk), .in_rst(m_rst), .in_valid(m_rvalid), .in_ready(m_rready),
    .in_data({m_rdata, m_rresp}),
    .out_clk(s_clk), .out_rst(s_rst), .out_valid(s_rvalid), .out_ready(s_rready),
    .out_data({s_rdata, s_rresp})
  );
endmodule

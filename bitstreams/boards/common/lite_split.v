// lite_split
// AXI4-Lite with one access at a time in each direction: the top address bit chooses between two slaves (0: a, 1: b).
// SPDX-License-Identifier: MIT OR Apache-2.0
`default_nettype none

module lite_split #(
  parameter ADDR = 17
) (
  input wire clk,
  input wire rst,
  input wire [ADDR-1:0] s_awaddr,
  input wire s_awvalid,
  output wire s_awready,
  input wire s_wvalid,
  output wire s_wready,
  output wire [1:0] s_bresp,
  output wire s_bvalid,
  input wire s_bready,
  input wire [ADDR-1:0] s_araddr,
  input wire s_arvalid,
  output wire s_arready,
  output wire [31:0] s_rdata,
  output wire [1:0] s_rresp,
  output wire s_rvalid,
  input wire s_rready,
  output wire a_awvalid,
  input wire a_awready,
  output wire a_wvalid,
  input wire a_wready,
  input wire [1:0] a_bresp,
  input wire a_bvalid,
  output wire a_bready,
  output wire a_arvalid,
  input wire a_arready,
  input wire [31:0] a_rdata,
  input wire [1:0] a_rresp,
  input wire a_rvalid,
  output wire a_rready,
  output wire b_awvalid,
  input wire b_awready,
  output wire b_wvalid,
  input wire b_wready,
  input wire [1:0] b_bresp,
  input wire b_bvalid,
  output wire b_bready,
  output wire b_arvalid,
  input wire b_arready,
  input wire [31:0] b_rdata,
  input wire [1:0] b_rresp,
  input wire b_rvalid,
  output wire b_rready
);
  // The write data follow the address; so do the answers.
  reg write_known, write_b, read_b;
  wire aw_b = s_awaddr[ADDR-1];
  wire ar_b = s_araddr[ADDR-1];
  assign a_awvalid = s_awvalid && !aw_b;
  assign b_awvalid = s_awvalid && aw_b;
  assign s_awready = aw_b ? b_awready : a_awready;
  assign a_wvalid = s_wvalid && write_known && !write_b;
  assign b_wvalid = s_wvalid && write_known && write_b;
  assign s_wready = write_known && (write_b ? b_wready : a_wready);
  assign s_bvalid = write_b ? b_bvalid : a_bvalid;
  assign s_bresp = write_b ? b_bresp : a_bresp;
  assign a_bready = s_bready && !write_b;
  assign b_bready = s_bready && write_b;
  assign a_arvalid = s_arvalid && !ar_b;
  assign b_arvalid = s_arvalid && ar_b;
  assign s_arready = ar_b ? b_arready : a_arready;
  assign s_rvalid = read_b ? b_rvalid : a_rvalid;
  assign s_rdata = read_b ? b_rdata : a_rdata;
  assign s_rresp = read_b ? b_rresp : a_rresp;
  assign a_rready = s_rready && !read_b;
  assign b_rready = s_rready && read_b;

  always @(posedge clk) begin
    if (rst || (s_wvalid && s_wready)) write_known <= 1'b0;
    if (!rst && s_awvalid && s_awready) begin
      write_known <= 1'b1;
      write_b <= aw_b;
    end
    if (s_arvalid && s_arready) read_b <= ar_b;
  end
endmodule

// vendor_stubs
// Ports of the vendor's primitives and of the PCIe bridge, as far as the board uses them: for linting and elaboration
// without the vendor's tools, which bring the modules themselves.
// SPDX-License-Identifier: MIT OR Apache-2.0
`default_nettype none

(* blackbox *)
module IBUFDS_GTE4 (
  input wire I,
  input wire IB,
  input wire CEB,
  output wire O,
  output wire ODIV2
);
endmodule

(* blackbox *)
module BUFG_GT (
  input wire I,
  input wire CE,
  input wire CEMASK,
  input wire CLR,
  input wire CLRMASK,
  input wire [2:0] DIV,
  output wire O
);
endmodule

(* blackbox *)
module IBUF (
  input wire I,
  output wire O
);
endmodule

(* blackbox *)
module IBUFDS (
  input wire I,
  input wire IB,
  output wire O
);
endmodule

(* blackbox *)
module BUFG (
  input wire I,
  output wire O
);
endmodule

(* blackbox *)
module BUFGCE #(
  parameter CE_TYPE = "SYNC"
) (
  input wire I,
  input wire CE,
  output wire O
);
endmodule

(* blackbox *)
module MMCME4_BASE #(
  parameter real CLKIN1_PERIOD = 0.0,
  parameter real CLKFBOUT_MULT_F = 5.0,
  parameter integer DIVCLK_DIVIDE = 1,
  parameter real CLKOUT0_DIVIDE_F = 1.0
) (
  input wire CLKIN1,
  input wire CLKFBIN,
  input wire RST,
  input wire PWRDWN,
  output wire CLKFBOUT,
  output wire CLKOUT0,
  output wire LOCKED
);
endmodule

(* blackbox *)
module xdma_0 (
  input wire sys_clk,
  input wire sys_clk_gt,
  input wire sys_rst_n,
  input wire [15:0] pci_exp_rxp,
  input wire [15:0] pci_exp_rxn,
  output wire [15:0] pci_exp_txp,
  output wire [15:0] pci_exp_txn,
  output wire axi_aclk,
  output wire axi_aresetn,
  output wire axi_ctl_aresetn,
  output wire user_lnk_up,
  input wire [3:0] usr_irq_req,
  output wire [3:0] usr_irq_ack,
  output wire msix_enable,
  output wire [3:0] m_axib_awid,
  output wire [63:0] m_axib_awaddr,
  output wire [7:0] m_axib_awlen,
  output wire [2:0] m_axib_awsize,
  output wire [1:0] m_axib_awburst,
  output wire [2:0] m_axib_awprot,
  output wire m_axib_awlock,
  output wire [3:0] m_axib_awcache,
  output wire m_axib_awvalid,
  input wire m_axib_awready,
  output wire [3:0] m_axib_arid,
  output wire [63:0] m_axib_araddr,
  output wire [7:0] m_axib_arlen,
  output wire [2:0] m_axib_arsize,
  output wire [1:0] m_axib_arburst,
  output wire [2:0] m_axib_arprot,
  output wire m_axib_arlock,
  output wire [3:0] m_axib_arcache,
  output wire m_axib_arvalid,
  input wire m_axib_arready,
  output wire [511:0] m_axib_wdata,
  output wire [63:0] m_axib_wstrb,
  output wire m_axib_wlast,
  output wire m_axib_wvalid,
  input wire m_axib_wready,
  input wire [3:0] m_axib_bid,
  input wire [1:0] m_axib_bresp,
  input wire m_axib_bvalid,
  output wire m_axib_bready,
  input wire [3:0] m_axib_rid,
  input wire [511:0] m_axib_rdata,
  input wire [1:0] m_axib_rresp,
  input wire m_axib_rlast,
  input wire m_axib_rvalid,
  output wire m_axib_rready,
  input wire [3:0] s_axib_awid,
  input wire [63:0] s_axib_awaddr,
  input wire [3:0] s_axib_awregion,
  input wire [7:0] s_axib_awlen,
  input wire [2:0] s_axib_awsize,
  input wire [1:0] s_axib_awburst,
  input wire s_axib_awvalid,
  output wire s_axib_awready,
  input wire [3:0] s_axib_arid,
  input wire [63:0] s_axib_araddr,
  input wire [3:0] s_axib_arregion,
  input wire [7:0] s_axib_arlen,
  input wire [2:0] s_axib_arsize,
  input wire [1:0] s_axib_arburst,
  input wire s_axib_arvalid,
  output wire s_axib_arready,
  input wire [511:0] s_axib_wdata,
  input wire [63:0] s_axib_wstrb,
  input wire s_axib_wlast,
  input wire s_axib_wvalid,
  output wire s_axib_wready,
  output wire [3:0] s_axib_bid,
  output wire [1:0] s_axib_bresp,
  output wire s_axib_bvalid,
  input wire s_axib_bready,
  output wire [3:0] s_axib_rid,
  output wire [511:0] s_axib_rdata,
  output wire [1:0] s_axib_rresp,
  output wire s_axib_rlast,
  output wire s_axib_rvalid,
  input wire s_axib_rready,
  input wire [31:0] s_axil_awaddr,
  input wire [2:0] s_axil_awprot,
  input wire s_axil_awvalid,
  output wire s_axil_awready,
  input wire [31:0] s_axil_araddr,
  input wire [2:0] s_axil_arprot,
  input wire s_axil_arvalid,
  output wire s_axil_arready,
  input wire [31:0] s_axil_wdata,
  input wire [3:0] s_axil_wstrb,
  input wire s_axil_wvalid,
  output wire s_axil_wready,
  output wire [1:0] s_axil_bresp,
  output wire s_axil_bvalid,
  input wire s_axil_bready,
  output wire [31:0] s_axil_rdata,
  output wire [1:0] s_axil_rresp,
  output wire s_axil_rvalid,
  input wire s_axil_rready
);
endmodule

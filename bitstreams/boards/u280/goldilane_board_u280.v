// goldilane_board_u280
// Alveo U280: PCIe bridge, HBM, clocks and resets around the top module goldilane_u280.
// Clocks: axi_clk from the PCIe bridge; core_clk for the accelerator and the ports of HBM.
// Written by make bitstreams; SPDX-License-Identifier: MIT OR Apache-2.0
`default_nettype none

module goldilane_board_u280 #(
  // Read back in a register; whoever builds the board chooses it.
  parameter [31:0] BUILD_STAMP = 32'h0
) (
  input wire pcie_refclk_p,
  input wire pcie_refclk_n,
  input wire pcie_perst_n,
  input wire [15:0] pcie_rxp,
  input wire [15:0] pcie_rxn,
  output wire [15:0] pcie_txp,
  output wire [15:0] pcie_txn,
  input wire sysclk_p,
  input wire sysclk_n,
  // Must be driven: 1 cuts the card's power.
  output wire hbm_cattrip
);
  // Clocks: 100 MHz of the card for HBM, 300 MHz for the accelerator, 250 MHz from the PCIe bridge.
  wire refclk_in, refclk_gt, refclk, perst_n, sysclk, clk_100;
  wire feedback, core_unbuffered, core_clk, locked, axi_clk, axi_aresetn;
  IBUFDS_GTE4 u_refclk (.I(pcie_refclk_p), .IB(pcie_refclk_n), .CEB(1'b0), .O(refclk_gt), .ODIV2(refclk_in));
  BUFG_GT u_refclk_buffer (
    .I(refclk_in), .O(refclk), .CE(1'b1), .CEMASK(1'b1), .CLR(1'b0), .CLRMASK(1'b1), .DIV(3'b000)
  );
  IBUF u_perst (.I(pcie_perst_n), .O(perst_n));
  IBUFDS u_sysclk (.I(sysclk_p), .IB(sysclk_n), .O(sysclk));
  BUFG u_clk_100 (.I(sysclk), .O(clk_100));
  MMCME4_BASE #(
    .CLKIN1_PERIOD(10.0), .CLKFBOUT_MULT_F(12.0), .DIVCLK_DIVIDE(1), .CLKOUT0_DIVIDE_F(4.0)
  ) u_clocks (
    .CLKIN1(clk_100), .CLKFBIN(feedback), .CLKFBOUT(feedback), .CLKOUT0(core_unbuffered),
    .RST(1'b0), .PWRDWN(1'b0), .LOCKED(locked)
  );
  BUFG u_core_clk (.I(core_unbuffered), .O(core_clk));

  // Resets: both sides of every crossing are reset together, until clocks and HBM are ready.
  wire [1:0] hbm_ready, cattrip;
  wire all_ready = axi_aresetn && locked && hbm_ready == 2'b11;
  wire axi_rst, core_rst, hbm_apb_rst, hbm_axi_rst;
  wire hbm_apb_reset_n = !hbm_apb_rst;
  wire hbm_axi_reset_n = !hbm_axi_rst;
  reset_bridge u_axi_reset (.clk(axi_clk), .async_reset_n(all_ready), .rst(axi_rst));
  reset_bridge u_core_reset (.clk(core_clk), .async_reset_n(all_ready), .rst(core_rst));
  reset_bridge u_hbm_apb_reset (.clk(clk_100), .async_reset_n(locked), .rst(hbm_apb_rst));
  reset_bridge u_hbm_axi_reset (.clk(core_clk), .async_reset_n(locked), .rst(hbm_axi_rst));
  assign hbm_cattrip = cattrip[0] || cattrip[1];

  // PCIe bridge. m_axib: accesses of the host, BAR0 at 0x00000, BAR4 (MSI-X table) at 0x10000. s_axib: host memory.
  wire msix_enable;
  wire [3:0] bar_awid, bar_bid, bar_arid, bar_rid;
  wire [63:0] bar_awaddr, bar_araddr;
  wire [7:0] bar_awlen, bar_arlen;
  wire [2:0] bar_arsize;
  wire bar_awvalid, bar_awready, bar_wlast, bar_wvalid, bar_wready, bar_bvalid, bar_bready;
  wire bar_arvalid, bar_arready, bar_rlast, bar_rvalid, bar_rready;
  wire [511:0] bar_wdata, bar_rdata;
  wire [63:0] bar_wstrb;
  wire [1:0] bar_bresp, bar_rresp;
  wire [3:0] pcie_awid, pcie_bid, pcie_arid, pcie_rid;
  wire [63:0] pcie_awaddr, pcie_araddr;
  wire [7:0] pcie_awlen, pcie_arlen;
  wire [2:0] pcie_awsize, pcie_arsize;
  wire [1:0] pcie_awburst, pcie_arburst, pcie_bresp, pcie_rresp;
  wire pcie_awvalid, pcie_awready, pcie_wlast, pcie_wvalid, pcie_wready, pcie_bvalid, pcie_bready;
  wire pcie_arvalid, pcie_arready, pcie_rlast, pcie_rvalid, pcie_rready;
  wire [511:0] pcie_wdata, pcie_rdata;
  wire [63:0] pcie_wstrb;
  xdma_0 u_pcie (
    .sys_clk(refclk), .sys_clk_gt(refclk_gt), .sys_rst_n(perst_n),
    .pci_exp_rxp(pcie_rxp), .pci_exp_rxn(pcie_rxn), .pci_exp_txp(pcie_txp), .pci_exp_txn(pcie_txn),
    .axi_aclk(axi_clk), .axi_aresetn(axi_aresetn), .axi_ctl_aresetn(), .user_lnk_up(),
    // Messages are writes to host memory, see msix.v.
    .usr_irq_req(4'h0), .usr_irq_ack(), .msix_enable(msix_enable),
    .m_axib_awid(bar_awid), .m_axib_awaddr(bar_awaddr), .m_axib_awlen(bar_awlen), .m_axib_awsize(),
    .m_axib_awburst(), .m_axib_awprot(), .m_axib_awlock(), .m_axib_awcache(),
    .m_axib_awvalid(bar_awvalid), .m_axib_awready(bar_awready),
    .m_axib_wdata(bar_wdata), .m_axib_wstrb(bar_wstrb), .m_axib_wlast(bar_wlast),
    .m_axib_wvalid(bar_wvalid), .m_axib_wready(bar_wready),
    .m_axib_bid(bar_bid), .m_axib_bresp(bar_bresp), .m_axib_bvalid(bar_bvalid), .m_axib_bready(bar_bready),
    .m_axib_arid(bar_arid), .m_axib_araddr(bar_araddr), .m_axib_arlen(bar_arlen), .m_axib_arsize(bar_arsize),
    .m_axib_arburst(), .m_axib_arprot(), .m_axib_arlock(), .m_axib_arcache(),
    .m_axib_arvalid(bar_arvalid), .m_axib_arready(bar_arready),
    .m_axib_rid(bar_rid), .m_axib_rdata(bar_rdata), .m_axib_rresp(bar_rresp), .m_axib_rlast(bar_rlast),
    .m_axib_rvalid(bar_rvalid), .m_axib_rready(bar_rready),
    .s_axib_awid(pcie_awid), .s_axib_awaddr(pcie_awaddr), .s_axib_awregion(4'h0), .s_axib_awlen(pcie_awlen),
    .s_axib_awsize(pcie_awsize), .s_axib_awburst(pcie_awburst),
    .s_axib_awvalid(pcie_awvalid), .s_axib_awready(pcie_awready),
    .s_axib_wdata(pcie_wdata), .s_axib_wstrb(pcie_wstrb), .s_axib_wlast(pcie_wlast),
    .s_axib_wvalid(pcie_wvalid), .s_axib_wready(pcie_wready),
    .s_axib_bid(pcie_bid), .s_axib_bresp(pcie_bresp), .s_axib_bvalid(pcie_bvalid), .s_axib_bready(pcie_bready),
    .s_axib_arid(pcie_arid), .s_axib_araddr(pcie_araddr), .s_axib_arregion(4'h0), .s_axib_arlen(pcie_arlen),
    .s_axib_arsize(pcie_arsize), .s_axib_arburst(pcie_arburst),
    .s_axib_arvalid(pcie_arvalid), .s_axib_arready(pcie_arready),
    .s_axib_rid(pcie_rid), .s_axib_rdata(pcie_rdata), .s_axib_rresp(pcie_rresp), .s_axib_rlast(pcie_rlast),
    .s_axib_rvalid(pcie_rvalid), .s_axib_rready(pcie_rready),
    // The bridge's own registers stay as configured.
    .s_axil_awaddr(32'h0), .s_axil_awprot(3'h0), .s_axil_awvalid(1'b0), .s_axil_awready(),
    .s_axil_wdata(32'h0), .s_axil_wstrb(4'h0), .s_axil_wvalid(1'b0), .s_axil_wready(),
    .s_axil_bresp(), .s_axil_bvalid(), .s_axil_bready(1'b1),
    .s_axil_araddr(32'h0), .s_axil_arprot(3'h0), .s_axil_arvalid(1'b0), .s_axil_arready(),
    .s_axil_rdata(), .s_axil_rresp(), .s_axil_rvalid(), .s_axil_rready(1'b1)
  );

  // Registers: 32-bit accesses, split between the accelerator and the MSI-X table.
  wire [16:0] reg_awaddr, reg_araddr;
  wire [31:0] reg_wdata, reg_rdata, dev_rdata, msix_rdata;
  wire [3:0] reg_wstrb;
  wire [1:0] reg_bresp, reg_rresp, dev_bresp, dev_rresp, msix_bresp, msix_rresp;
  wire reg_awvalid, reg_awready, reg_wvalid, reg_wready, reg_bvalid, reg_bready;
  wire reg_arvalid, reg_arready, reg_rvalid, reg_rready;
  wire dev_awvalid, dev_awready, dev_wvalid, dev_wready, dev_bvalid, dev_bready;
  wire dev_arvalid, dev_arready, dev_rvalid, dev_rready;
  wire msix_awvalid, msix_awready, msix_wvalid, msix_wready, msix_bvalid, msix_bready;
  wire msix_arvalid, msix_arready, msix_rvalid, msix_rready;
  axi_to_lite #(.ID(4), .DATA(512), .ADDR(17)) u_registers (
    .clk(axi_clk), .rst(axi_rst),
    .s_awid(bar_awid), .s_awaddr(bar_awaddr[16:0]), .s_awlen(bar_awlen), .s_awvalid(bar_awvalid), .s_awready(bar_awready),
    .s_wdata(bar_wdata), .s_wstrb(bar_wstrb), .s_wlast(bar_wlast), .s_wvalid(bar_wvalid), .s_wready(bar_wready),
    .s_bid(bar_bid), .s_bresp(bar_bresp), .s_bvalid(bar_bvalid), .s_bready(bar_bready),
    .s_arid(bar_arid), .s_araddr(bar_araddr[16:0]), .s_arlen(bar_arlen), .s_arsize(bar_arsize),
    .s_arvalid(bar_arvalid), .s_arready(bar_arready),
    .s_rid(bar_rid), .s_rdata(bar_rdata), .s_rresp(bar_rresp), .s_rlast(bar_rlast), .s_rvalid(bar_rvalid), .s_rready(bar_rready),
    .m_awaddr(reg_awaddr), .m_awvalid(reg_awvalid), .m_awready(reg_awready),
    .m_wdata(reg_wdata), .m_wstrb(reg_wstrb), .m_wvalid(reg_wvalid), .m_wready(reg_wready),
    .m_bresp(reg_bresp), .m_bvalid(reg_bvalid), .m_bready(reg_bready),
    .m_araddr(reg_araddr), .m_arvalid(reg_arvalid), .m_arready(reg_arready),
    .m_rdata(reg_rdata), .m_rresp(reg_rresp), .m_rvalid(reg_rvalid), .m_rready(reg_rready)
  );
  lite_split #(.ADDR(17)) u_bars (
    .clk(axi_clk), .rst(axi_rst),
    .s_awaddr(reg_awaddr), .s_awvalid(reg_awvalid), .s_awready(reg_awready), .s_wvalid(reg_wvalid), .s_wready(reg_wready),
    .s_bresp(reg_bresp), .s_bvalid(reg_bvalid), .s_bready(reg_bready),
    .s_araddr(reg_araddr), .s_arvalid(reg_arvalid), .s_arready(reg_arready),
    .s_rdata(reg_rdata), .s_rresp(reg_rresp), .s_rvalid(reg_rvalid), .s_rready(reg_rready),
    .a_awvalid(dev_awvalid), .a_awready(dev_awready), .a_wvalid(dev_wvalid), .a_wready(dev_wready),
    .a_bresp(dev_bresp), .a_bvalid(dev_bvalid), .a_bready(dev_bready),
    .a_arvalid(dev_arvalid), .a_arready(dev_arready),
    .a_rdata(dev_rdata), .a_rresp(dev_rresp), .a_rvalid(dev_rvalid), .a_rready(dev_rready),
    .b_awvalid(msix_awvalid), .b_awready(msix_awready), .b_wvalid(msix_wvalid), .b_wready(msix_wready),
    .b_bresp(msix_bresp), .b_bvalid(msix_bvalid), .b_bready(msix_bready),
    .b_arvalid(msix_arvalid), .b_arready(msix_arready),
    .b_rdata(msix_rdata), .b_rresp(msix_rresp), .b_rvalid(msix_rvalid), .b_rready(msix_rready)
  );
  wire [15:0] axil_awaddr, axil_araddr;
  wire [31:0] axil_wdata, axil_rdata;
  wire [3:0] axil_wstrb;
  wire [1:0] axil_bresp, axil_rresp;
  wire axil_awvalid, axil_awready, axil_wvalid, axil_wready, axil_bvalid, axil_bready;
  wire axil_arvalid, axil_arready, axil_rvalid, axil_rready;
  axil_crossing #(.ADDR(16)) u_register_crossing (
    .s_clk(axi_clk), .s_rst(axi_rst), .m_clk(core_clk), .m_rst(core_rst),
    .s_awaddr(reg_awaddr[15:0]), .s_awvalid(dev_awvalid), .s_awready(dev_awready),
    .s_wdata(reg_wdata), .s_wstrb(reg_wstrb), .s_wvalid(dev_wvalid), .s_wready(dev_wready),
    .s_bresp(dev_bresp), .s_bvalid(dev_bvalid), .s_bready(dev_bready),
    .s_araddr(reg_araddr[15:0]), .s_arvalid(dev_arvalid), .s_arready(dev_arready),
    .s_rdata(dev_rdata), .s_rresp(dev_rresp), .s_rvalid(dev_rvalid), .s_rready(dev_rready),
    .m_awaddr(axil_awaddr), .m_awvalid(axil_awvalid), .m_awready(axil_awready),
    .m_wdata(axil_wdata), .m_wstrb(axil_wstrb), .m_wvalid(axil_wvalid), .m_wready(axil_wready),
    .m_bresp(axil_bresp), .m_bvalid(axil_bvalid), .m_bready(axil_bready),
    .m_araddr(axil_araddr), .m_arvalid(axil_arvalid), .m_arready(axil_arready),
    .m_rdata(axil_rdata), .m_rresp(axil_rresp), .m_rvalid(axil_rvalid), .m_rready(axil_rready)
  );

  // Interrupts: the accelerator's pulses, across, into the table.
  wire irq_valid, raise_valid, message_valid, message_done;
  wire [7:0] irq_vector, raise_vector;
  wire [63:0] message_address;
  wire [31:0] message_data;
  async_fifo #(.WIDTH(8), .LOG_DEPTH(4)) u_irq_crossing (
    .in_clk(core_clk), .in_rst(core_rst), .in_valid(irq_valid), .in_ready(), .in_data(irq_vector),
    .out_clk(axi_clk), .out_rst(axi_rst), .out_valid(raise_valid), .out_ready(1'b1), .out_data(raise_vector)
  );
  msix #(.VECTORS(4)) u_msix (
    .clk(axi_clk), .rst(axi_rst), .enable(msix_enable),
    .raise_valid(raise_valid), .raise_vector(raise_vector),
    .message_valid(message_valid), .message_address(message_address), .message_data(message_data), .message_done(message_done),
    .s_awaddr(reg_awaddr[15:0]), .s_awvalid(msix_awvalid), .s_awready(msix_awready),
    .s_wdata(reg_wdata), .s_wstrb(reg_wstrb), .s_wvalid(msix_wvalid), .s_wready(msix_wready),
    .s_bresp(msix_bresp), .s_bvalid(msix_bvalid), .s_bready(msix_bready),
    .s_araddr(reg_araddr[15:0]), .s_arvalid(msix_arvalid), .s_arready(msix_arready),
    .s_rdata(msix_rdata), .s_rresp(msix_rresp), .s_rvalid(msix_rvalid), .s_rready(msix_rready)
  );

  // Host memory: across, then messages between the writes.
  wire [3:0] host_awid, host_bid, host_arid, host_rid, dma_awid;
  wire [63:0] host_awaddr, host_araddr, dma_awaddr;
  wire [7:0] host_awlen, host_arlen, dma_awlen;
  wire [2:0] host_awsize, host_arsize, dma_awsize;
  wire [1:0] host_awburst, host_arburst, host_bresp, host_rresp, dma_awburst;
  wire host_awvalid, host_awready, host_wlast, host_wvalid, host_wready, host_bvalid, host_bready;
  wire host_arvalid, host_arready, host_rlast, host_rvalid, host_rready;
  wire dma_awvalid, dma_awready, dma_wlast, dma_wvalid, dma_wready, dma_bvalid, dma_bready;
  wire [511:0] host_wdata, host_rdata, dma_wdata;
  wire [63:0] host_wstrb, dma_wstrb;
  axi_crossing #(.ID(4), .ADDR(64), .DATA(512)) u_host_crossing (
    .s_clk(core_clk), .s_rst(core_rst), .m_clk(axi_clk), .m_rst(axi_rst),
    .s_awid(host_awid), .s_awaddr(host_awaddr), .s_awlen(host_awlen), .s_awsize(host_awsize), .s_awburst(host_awburst),
    .s_awvalid(host_awvalid), .s_awready(host_awready),
    .s_wdata(host_wdata), .s_wstrb(host_wstrb), .s_wlast(host_wlast), .s_wvalid(host_wvalid), .s_wready(host_wready),
    .s_bid(host_bid), .s_bresp(host_bresp), .s_bvalid(host_bvalid), .s_bready(host_bready),
    .s_arid(host_arid), .s_araddr(host_araddr), .s_arlen(host_arlen), .s_arsize(host_arsize), .s_arburst(host_arburst),
    .s_arvalid(host_arvalid), .s_arready(host_arready),
    .s_rid(host_rid), .s_rdata(host_rdata), .s_rresp(host_rresp), .s_rlast(host_rlast), .s_rvalid(host_rvalid), .s_rready(host_rready),
    .m_awid(dma_awid), .m_awaddr(dma_awaddr), .m_awlen(dma_awlen), .m_awsize(dma_awsize), .m_awburst(dma_awburst),
    .m_awvalid(dma_awvalid), .m_awready(dma_awready),
    .m_wdata(dma_wdata), .m_wstrb(dma_wstrb), .m_wlast(dma_wlast), .m_wvalid(dma_wvalid), .m_wready(dma_wready),
    .m_bid(pcie_bid), .m_bresp(pcie_bresp), .m_bvalid(dma_bvalid), .m_bready(dma_bready),
    .m_arid(pcie_arid), .m_araddr(pcie_araddr), .m_arlen(pcie_arlen), .m_arsize(pcie_arsize), .m_arburst(pcie_arburst),
    .m_arvalid(pcie_arvalid), .m_arready(pcie_arready),
    .m_rid(pcie_rid), .m_rdata(pcie_rdata), .m_rresp(pcie_rresp), .m_rlast(pcie_rlast), .m_rvalid(pcie_rvalid), .m_rready(pcie_rready)
  );
  message_join #(.ID(4), .DATA(512)) u_messages (
    .clk(axi_clk), .rst(axi_rst),
    .message_valid(message_valid), .message_address(message_address), .message_data(message_data), .message_done(message_done),
    .s_awid(dma_awid), .s_awaddr(dma_awaddr), .s_awlen(dma_awlen), .s_awsize(dma_awsize), .s_awburst(dma_awburst),
    .s_awvalid(dma_awvalid), .s_awready(dma_awready),
    .s_wdata(dma_wdata), .s_wstrb(dma_wstrb), .s_wlast(dma_wlast), .s_wvalid(dma_wvalid), .s_wready(dma_wready),
    .s_bvalid(dma_bvalid), .s_bready(dma_bready),
    .m_awid(pcie_awid), .m_awaddr(pcie_awaddr), .m_awlen(pcie_awlen), .m_awsize(pcie_awsize), .m_awburst(pcie_awburst),
    .m_awvalid(pcie_awvalid), .m_awready(pcie_awready),
    .m_wdata(pcie_wdata), .m_wstrb(pcie_wstrb), .m_wlast(pcie_wlast), .m_wvalid(pcie_wvalid), .m_wready(pcie_wready),
    .m_bvalid(pcie_bvalid), .m_bready(pcie_bready)
  );

  // Port 0 of board memory, channel 0 of HBM.
  wire mem0_awid;
  wire [39:0] mem0_awaddr;
  wire [7:0] mem0_awlen;
  wire [2:0] mem0_awsize;
  wire [1:0] mem0_awburst;
  wire mem0_awvalid;
  wire mem0_awready;
  wire [255:0] mem0_wdata;
  wire [31:0] mem0_wstrb;
  wire mem0_wlast;
  wire mem0_wvalid;
  wire mem0_wready;
  wire mem0_bid;
  wire [1:0] mem0_bresp;
  wire mem0_bvalid;
  wire mem0_bready;
  wire mem0_arid;
  wire [39:0] mem0_araddr;
  wire [7:0] mem0_arlen;
  wire [2:0] mem0_arsize;
  wire [1:0] mem0_arburst;
  wire mem0_arvalid;
  wire mem0_arready;
  wire mem0_rid;
  wire [255:0] mem0_rdata;
  wire [1:0] mem0_rresp;
  wire mem0_rlast;
  wire mem0_rvalid;
  wire mem0_rready;
  wire [27:0] short0_awaddr;
  wire [27:0] short0_araddr;
  wire [3:0] short0_awlen;
  wire [3:0] short0_arlen;
  wire [1:0] short0_bresp;
  wire short0_awvalid, short0_awready, short0_wlast, short0_wvalid, short0_wready, short0_bvalid, short0_bready, short0_arvalid, short0_arready, short0_rlast, short0_rvalid, short0_rready;
  assign mem0_bid = 1'b0;
  assign mem0_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_0 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem0_awaddr[27:0]),
    .m_awaddr(short0_awaddr),
    .s_araddr(mem0_araddr[27:0]),
    .m_araddr(short0_araddr),
    .s_awlen(mem0_awlen),
    .m_awlen(short0_awlen),
    .s_arlen(mem0_arlen),
    .m_arlen(short0_arlen),
    .s_bresp(mem0_bresp),
    .m_bresp(short0_bresp),
    .s_awvalid(mem0_awvalid),
    .m_awvalid(short0_awvalid),
    .s_awready(mem0_awready),
    .m_awready(short0_awready),
    .s_wlast(mem0_wlast),
    .m_wlast(short0_wlast),
    .s_wvalid(mem0_wvalid),
    .m_wvalid(short0_wvalid),
    .s_wready(mem0_wready),
    .m_wready(short0_wready),
    .s_bvalid(mem0_bvalid),
    .m_bvalid(short0_bvalid),
    .s_bready(mem0_bready),
    .m_bready(short0_bready),
    .s_arvalid(mem0_arvalid),
    .m_arvalid(short0_arvalid),
    .s_arready(mem0_arready),
    .m_arready(short0_arready),
    .s_rlast(mem0_rlast),
    .m_rlast(short0_rlast),
    .s_rvalid(mem0_rvalid),
    .m_rvalid(short0_rvalid),
    .s_rready(mem0_rready),
    .m_rready(short0_rready)
  );

  // Port 1 of board memory, channel 1 of HBM.
  wire mem1_awid;
  wire [39:0] mem1_awaddr;
  wire [7:0] mem1_awlen;
  wire [2:0] mem1_awsize;
  wire [1:0] mem1_awburst;
  wire mem1_awvalid;
  wire mem1_awready;
  wire [255:0] mem1_wdata;
  wire [31:0] mem1_wstrb;
  wire mem1_wlast;
  wire mem1_wvalid;
  wire mem1_wready;
  wire mem1_bid;
  wire [1:0] mem1_bresp;
  wire mem1_bvalid;
  wire mem1_bready;
  wire mem1_arid;
  wire [39:0] mem1_araddr;
  wire [7:0] mem1_arlen;
  wire [2:0] mem1_arsize;
  wire [1:0] mem1_arburst;
  wire mem1_arvalid;
  wire mem1_arready;
  wire mem1_rid;
  wire [255:0] mem1_rdata;
  wire [1:0] mem1_rresp;
  wire mem1_rlast;
  wire mem1_rvalid;
  wire mem1_rready;
  wire [27:0] short1_awaddr;
  wire [27:0] short1_araddr;
  wire [3:0] short1_awlen;
  wire [3:0] short1_arlen;
  wire [1:0] short1_bresp;
  wire short1_awvalid, short1_awready, short1_wlast, short1_wvalid, short1_wready, short1_bvalid, short1_bready, short1_arvalid, short1_arready, short1_rlast, short1_rvalid, short1_rready;
  assign mem1_bid = 1'b0;
  assign mem1_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_1 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem1_awaddr[27:0]),
    .m_awaddr(short1_awaddr),
    .s_araddr(mem1_araddr[27:0]),
    .m_araddr(short1_araddr),
    .s_awlen(mem1_awlen),
    .m_awlen(short1_awlen),
    .s_arlen(mem1_arlen),
    .m_arlen(short1_arlen),
    .s_bresp(mem1_bresp),
    .m_bresp(short1_bresp),
    .s_awvalid(mem1_awvalid),
    .m_awvalid(short1_awvalid),
    .s_awready(mem1_awready),
    .m_awready(short1_awready),
    .s_wlast(mem1_wlast),
    .m_wlast(short1_wlast),
    .s_wvalid(mem1_wvalid),
    .m_wvalid(short1_wvalid),
    .s_wready(mem1_wready),
    .m_wready(short1_wready),
    .s_bvalid(mem1_bvalid),
    .m_bvalid(short1_bvalid),
    .s_bready(mem1_bready),
    .m_bready(short1_bready),
    .s_arvalid(mem1_arvalid),
    .m_arvalid(short1_arvalid),
    .s_arready(mem1_arready),
    .m_arready(short1_arready),
    .s_rlast(mem1_rlast),
    .m_rlast(short1_rlast),
    .s_rvalid(mem1_rvalid),
    .m_rvalid(short1_rvalid),
    .s_rready(mem1_rready),
    .m_rready(short1_rready)
  );

  // Port 2 of board memory, channel 2 of HBM.
  wire mem2_awid;
  wire [39:0] mem2_awaddr;
  wire [7:0] mem2_awlen;
  wire [2:0] mem2_awsize;
  wire [1:0] mem2_awburst;
  wire mem2_awvalid;
  wire mem2_awready;
  wire [255:0] mem2_wdata;
  wire [31:0] mem2_wstrb;
  wire mem2_wlast;
  wire mem2_wvalid;
  wire mem2_wready;
  wire mem2_bid;
  wire [1:0] mem2_bresp;
  wire mem2_bvalid;
  wire mem2_bready;
  wire mem2_arid;
  wire [39:0] mem2_araddr;
  wire [7:0] mem2_arlen;
  wire [2:0] mem2_arsize;
  wire [1:0] mem2_arburst;
  wire mem2_arvalid;
  wire mem2_arready;
  wire mem2_rid;
  wire [255:0] mem2_rdata;
  wire [1:0] mem2_rresp;
  wire mem2_rlast;
  wire mem2_rvalid;
  wire mem2_rready;
  wire [27:0] short2_awaddr;
  wire [27:0] short2_araddr;
  wire [3:0] short2_awlen;
  wire [3:0] short2_arlen;
  wire [1:0] short2_bresp;
  wire short2_awvalid, short2_awready, short2_wlast, short2_wvalid, short2_wready, short2_bvalid, short2_bready, short2_arvalid, short2_arready, short2_rlast, short2_rvalid, short2_rready;
  assign mem2_bid = 1'b0;
  assign mem2_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_2 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem2_awaddr[27:0]),
    .m_awaddr(short2_awaddr),
    .s_araddr(mem2_araddr[27:0]),
    .m_araddr(short2_araddr),
    .s_awlen(mem2_awlen),
    .m_awlen(short2_awlen),
    .s_arlen(mem2_arlen),
    .m_arlen(short2_arlen),
    .s_bresp(mem2_bresp),
    .m_bresp(short2_bresp),
    .s_awvalid(mem2_awvalid),
    .m_awvalid(short2_awvalid),
    .s_awready(mem2_awready),
    .m_awready(short2_awready),
    .s_wlast(mem2_wlast),
    .m_wlast(short2_wlast),
    .s_wvalid(mem2_wvalid),
    .m_wvalid(short2_wvalid),
    .s_wready(mem2_wready),
    .m_wready(short2_wready),
    .s_bvalid(mem2_bvalid),
    .m_bvalid(short2_bvalid),
    .s_bready(mem2_bready),
    .m_bready(short2_bready),
    .s_arvalid(mem2_arvalid),
    .m_arvalid(short2_arvalid),
    .s_arready(mem2_arready),
    .m_arready(short2_arready),
    .s_rlast(mem2_rlast),
    .m_rlast(short2_rlast),
    .s_rvalid(mem2_rvalid),
    .m_rvalid(short2_rvalid),
    .s_rready(mem2_rready),
    .m_rready(short2_rready)
  );

  // Port 3 of board memory, channel 3 of HBM.
  wire mem3_awid;
  wire [39:0] mem3_awaddr;
  wire [7:0] mem3_awlen;
  wire [2:0] mem3_awsize;
  wire [1:0] mem3_awburst;
  wire mem3_awvalid;
  wire mem3_awready;
  wire [255:0] mem3_wdata;
  wire [31:0] mem3_wstrb;
  wire mem3_wlast;
  wire mem3_wvalid;
  wire mem3_wready;
  wire mem3_bid;
  wire [1:0] mem3_bresp;
  wire mem3_bvalid;
  wire mem3_bready;
  wire mem3_arid;
  wire [39:0] mem3_araddr;
  wire [7:0] mem3_arlen;
  wire [2:0] mem3_arsize;
  wire [1:0] mem3_arburst;
  wire mem3_arvalid;
  wire mem3_arready;
  wire mem3_rid;
  wire [255:0] mem3_rdata;
  wire [1:0] mem3_rresp;
  wire mem3_rlast;
  wire mem3_rvalid;
  wire mem3_rready;
  wire [27:0] short3_awaddr;
  wire [27:0] short3_araddr;
  wire [3:0] short3_awlen;
  wire [3:0] short3_arlen;
  wire [1:0] short3_bresp;
  wire short3_awvalid, short3_awready, short3_wlast, short3_wvalid, short3_wready, short3_bvalid, short3_bready, short3_arvalid, short3_arready, short3_rlast, short3_rvalid, short3_rready;
  assign mem3_bid = 1'b0;
  assign mem3_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_3 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem3_awaddr[27:0]),
    .m_awaddr(short3_awaddr),
    .s_araddr(mem3_araddr[27:0]),
    .m_araddr(short3_araddr),
    .s_awlen(mem3_awlen),
    .m_awlen(short3_awlen),
    .s_arlen(mem3_arlen),
    .m_arlen(short3_arlen),
    .s_bresp(mem3_bresp),
    .m_bresp(short3_bresp),
    .s_awvalid(mem3_awvalid),
    .m_awvalid(short3_awvalid),
    .s_awready(mem3_awready),
    .m_awready(short3_awready),
    .s_wlast(mem3_wlast),
    .m_wlast(short3_wlast),
    .s_wvalid(mem3_wvalid),
    .m_wvalid(short3_wvalid),
    .s_wready(mem3_wready),
    .m_wready(short3_wready),
    .s_bvalid(mem3_bvalid),
    .m_bvalid(short3_bvalid),
    .s_bready(mem3_bready),
    .m_bready(short3_bready),
    .s_arvalid(mem3_arvalid),
    .m_arvalid(short3_arvalid),
    .s_arready(mem3_arready),
    .m_arready(short3_arready),
    .s_rlast(mem3_rlast),
    .m_rlast(short3_rlast),
    .s_rvalid(mem3_rvalid),
    .m_rvalid(short3_rvalid),
    .s_rready(mem3_rready),
    .m_rready(short3_rready)
  );

  // Port 4 of board memory, channel 4 of HBM.
  wire mem4_awid;
  wire [39:0] mem4_awaddr;
  wire [7:0] mem4_awlen;
  wire [2:0] mem4_awsize;
  wire [1:0] mem4_awburst;
  wire mem4_awvalid;
  wire mem4_awready;
  wire [255:0] mem4_wdata;
  wire [31:0] mem4_wstrb;
  wire mem4_wlast;
  wire mem4_wvalid;
  wire mem4_wready;
  wire mem4_bid;
  wire [1:0] mem4_bresp;
  wire mem4_bvalid;
  wire mem4_bready;
  wire mem4_arid;
  wire [39:0] mem4_araddr;
  wire [7:0] mem4_arlen;
  wire [2:0] mem4_arsize;
  wire [1:0] mem4_arburst;
  wire mem4_arvalid;
  wire mem4_arready;
  wire mem4_rid;
  wire [255:0] mem4_rdata;
  wire [1:0] mem4_rresp;
  wire mem4_rlast;
  wire mem4_rvalid;
  wire mem4_rready;
  wire [27:0] short4_awaddr;
  wire [27:0] short4_araddr;
  wire [3:0] short4_awlen;
  wire [3:0] short4_arlen;
  wire [1:0] short4_bresp;
  wire short4_awvalid, short4_awready, short4_wlast, short4_wvalid, short4_wready, short4_bvalid, short4_bready, short4_arvalid, short4_arready, short4_rlast, short4_rvalid, short4_rready;
  assign mem4_bid = 1'b0;
  assign mem4_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_4 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem4_awaddr[27:0]),
    .m_awaddr(short4_awaddr),
    .s_araddr(mem4_araddr[27:0]),
    .m_araddr(short4_araddr),
    .s_awlen(mem4_awlen),
    .m_awlen(short4_awlen),
    .s_arlen(mem4_arlen),
    .m_arlen(short4_arlen),
    .s_bresp(mem4_bresp),
    .m_bresp(short4_bresp),
    .s_awvalid(mem4_awvalid),
    .m_awvalid(short4_awvalid),
    .s_awready(mem4_awready),
    .m_awready(short4_awready),
    .s_wlast(mem4_wlast),
    .m_wlast(short4_wlast),
    .s_wvalid(mem4_wvalid),
    .m_wvalid(short4_wvalid),
    .s_wready(mem4_wready),
    .m_wready(short4_wready),
    .s_bvalid(mem4_bvalid),
    .m_bvalid(short4_bvalid),
    .s_bready(mem4_bready),
    .m_bready(short4_bready),
    .s_arvalid(mem4_arvalid),
    .m_arvalid(short4_arvalid),
    .s_arready(mem4_arready),
    .m_arready(short4_arready),
    .s_rlast(mem4_rlast),
    .m_rlast(short4_rlast),
    .s_rvalid(mem4_rvalid),
    .m_rvalid(short4_rvalid),
    .s_rready(mem4_rready),
    .m_rready(short4_rready)
  );

  // Port 5 of board memory, channel 5 of HBM.
  wire mem5_awid;
  wire [39:0] mem5_awaddr;
  wire [7:0] mem5_awlen;
  wire [2:0] mem5_awsize;
  wire [1:0] mem5_awburst;
  wire mem5_awvalid;
  wire mem5_awready;
  wire [255:0] mem5_wdata;
  wire [31:0] mem5_wstrb;
  wire mem5_wlast;
  wire mem5_wvalid;
  wire mem5_wready;
  wire mem5_bid;
  wire [1:0] mem5_bresp;
  wire mem5_bvalid;
  wire mem5_bready;
  wire mem5_arid;
  wire [39:0] mem5_araddr;
  wire [7:0] mem5_arlen;
  wire [2:0] mem5_arsize;
  wire [1:0] mem5_arburst;
  wire mem5_arvalid;
  wire mem5_arready;
  wire mem5_rid;
  wire [255:0] mem5_rdata;
  wire [1:0] mem5_rresp;
  wire mem5_rlast;
  wire mem5_rvalid;
  wire mem5_rready;
  wire [27:0] short5_awaddr;
  wire [27:0] short5_araddr;
  wire [3:0] short5_awlen;
  wire [3:0] short5_arlen;
  wire [1:0] short5_bresp;
  wire short5_awvalid, short5_awready, short5_wlast, short5_wvalid, short5_wready, short5_bvalid, short5_bready, short5_arvalid, short5_arready, short5_rlast, short5_rvalid, short5_rready;
  assign mem5_bid = 1'b0;
  assign mem5_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_5 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem5_awaddr[27:0]),
    .m_awaddr(short5_awaddr),
    .s_araddr(mem5_araddr[27:0]),
    .m_araddr(short5_araddr),
    .s_awlen(mem5_awlen),
    .m_awlen(short5_awlen),
    .s_arlen(mem5_arlen),
    .m_arlen(short5_arlen),
    .s_bresp(mem5_bresp),
    .m_bresp(short5_bresp),
    .s_awvalid(mem5_awvalid),
    .m_awvalid(short5_awvalid),
    .s_awready(mem5_awready),
    .m_awready(short5_awready),
    .s_wlast(mem5_wlast),
    .m_wlast(short5_wlast),
    .s_wvalid(mem5_wvalid),
    .m_wvalid(short5_wvalid),
    .s_wready(mem5_wready),
    .m_wready(short5_wready),
    .s_bvalid(mem5_bvalid),
    .m_bvalid(short5_bvalid),
    .s_bready(mem5_bready),
    .m_bready(short5_bready),
    .s_arvalid(mem5_arvalid),
    .m_arvalid(short5_arvalid),
    .s_arready(mem5_arready),
    .m_arready(short5_arready),
    .s_rlast(mem5_rlast),
    .m_rlast(short5_rlast),
    .s_rvalid(mem5_rvalid),
    .m_rvalid(short5_rvalid),
    .s_rready(mem5_rready),
    .m_rready(short5_rready)
  );

  // Port 6 of board memory, channel 6 of HBM.
  wire mem6_awid;
  wire [39:0] mem6_awaddr;
  wire [7:0] mem6_awlen;
  wire [2:0] mem6_awsize;
  wire [1:0] mem6_awburst;
  wire mem6_awvalid;
  wire mem6_awready;
  wire [255:0] mem6_wdata;
  wire [31:0] mem6_wstrb;
  wire mem6_wlast;
  wire mem6_wvalid;
  wire mem6_wready;
  wire mem6_bid;
  wire [1:0] mem6_bresp;
  wire mem6_bvalid;
  wire mem6_bready;
  wire mem6_arid;
  wire [39:0] mem6_araddr;
  wire [7:0] mem6_arlen;
  wire [2:0] mem6_arsize;
  wire [1:0] mem6_arburst;
  wire mem6_arvalid;
  wire mem6_arready;
  wire mem6_rid;
  wire [255:0] mem6_rdata;
  wire [1:0] mem6_rresp;
  wire mem6_rlast;
  wire mem6_rvalid;
  wire mem6_rready;
  wire [27:0] short6_awaddr;
  wire [27:0] short6_araddr;
  wire [3:0] short6_awlen;
  wire [3:0] short6_arlen;
  wire [1:0] short6_bresp;
  wire short6_awvalid, short6_awready, short6_wlast, short6_wvalid, short6_wready, short6_bvalid, short6_bready, short6_arvalid, short6_arready, short6_rlast, short6_rvalid, short6_rready;
  assign mem6_bid = 1'b0;
  assign mem6_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_6 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem6_awaddr[27:0]),
    .m_awaddr(short6_awaddr),
    .s_araddr(mem6_araddr[27:0]),
    .m_araddr(short6_araddr),
    .s_awlen(mem6_awlen),
    .m_awlen(short6_awlen),
    .s_arlen(mem6_arlen),
    .m_arlen(short6_arlen),
    .s_bresp(mem6_bresp),
    .m_bresp(short6_bresp),
    .s_awvalid(mem6_awvalid),
    .m_awvalid(short6_awvalid),
    .s_awready(mem6_awready),
    .m_awready(short6_awready),
    .s_wlast(mem6_wlast),
    .m_wlast(short6_wlast),
    .s_wvalid(mem6_wvalid),
    .m_wvalid(short6_wvalid),
    .s_wready(mem6_wready),
    .m_wready(short6_wready),
    .s_bvalid(mem6_bvalid),
    .m_bvalid(short6_bvalid),
    .s_bready(mem6_bready),
    .m_bready(short6_bready),
    .s_arvalid(mem6_arvalid),
    .m_arvalid(short6_arvalid),
    .s_arready(mem6_arready),
    .m_arready(short6_arready),
    .s_rlast(mem6_rlast),
    .m_rlast(short6_rlast),
    .s_rvalid(mem6_rvalid),
    .m_rvalid(short6_rvalid),
    .s_rready(mem6_rready),
    .m_rready(short6_rready)
  );

  // Port 7 of board memory, channel 7 of HBM.
  wire mem7_awid;
  wire [39:0] mem7_awaddr;
  wire [7:0] mem7_awlen;
  wire [2:0] mem7_awsize;
  wire [1:0] mem7_awburst;
  wire mem7_awvalid;
  wire mem7_awready;
  wire [255:0] mem7_wdata;
  wire [31:0] mem7_wstrb;
  wire mem7_wlast;
  wire mem7_wvalid;
  wire mem7_wready;
  wire mem7_bid;
  wire [1:0] mem7_bresp;
  wire mem7_bvalid;
  wire mem7_bready;
  wire mem7_arid;
  wire [39:0] mem7_araddr;
  wire [7:0] mem7_arlen;
  wire [2:0] mem7_arsize;
  wire [1:0] mem7_arburst;
  wire mem7_arvalid;
  wire mem7_arready;
  wire mem7_rid;
  wire [255:0] mem7_rdata;
  wire [1:0] mem7_rresp;
  wire mem7_rlast;
  wire mem7_rvalid;
  wire mem7_rready;
  wire [27:0] short7_awaddr;
  wire [27:0] short7_araddr;
  wire [3:0] short7_awlen;
  wire [3:0] short7_arlen;
  wire [1:0] short7_bresp;
  wire short7_awvalid, short7_awready, short7_wlast, short7_wvalid, short7_wready, short7_bvalid, short7_bready, short7_arvalid, short7_arready, short7_rlast, short7_rvalid, short7_rready;
  assign mem7_bid = 1'b0;
  assign mem7_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_7 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem7_awaddr[27:0]),
    .m_awaddr(short7_awaddr),
    .s_araddr(mem7_araddr[27:0]),
    .m_araddr(short7_araddr),
    .s_awlen(mem7_awlen),
    .m_awlen(short7_awlen),
    .s_arlen(mem7_arlen),
    .m_arlen(short7_arlen),
    .s_bresp(mem7_bresp),
    .m_bresp(short7_bresp),
    .s_awvalid(mem7_awvalid),
    .m_awvalid(short7_awvalid),
    .s_awready(mem7_awready),
    .m_awready(short7_awready),
    .s_wlast(mem7_wlast),
    .m_wlast(short7_wlast),
    .s_wvalid(mem7_wvalid),
    .m_wvalid(short7_wvalid),
    .s_wready(mem7_wready),
    .m_wready(short7_wready),
    .s_bvalid(mem7_bvalid),
    .m_bvalid(short7_bvalid),
    .s_bready(mem7_bready),
    .m_bready(short7_bready),
    .s_arvalid(mem7_arvalid),
    .m_arvalid(short7_arvalid),
    .s_arready(mem7_arready),
    .m_arready(short7_arready),
    .s_rlast(mem7_rlast),
    .m_rlast(short7_rlast),
    .s_rvalid(mem7_rvalid),
    .m_rvalid(short7_rvalid),
    .s_rready(mem7_rready),
    .m_rready(short7_rready)
  );

  // Port 8 of board memory, channel 8 of HBM.
  wire mem8_awid;
  wire [39:0] mem8_awaddr;
  wire [7:0] mem8_awlen;
  wire [2:0] mem8_awsize;
  wire [1:0] mem8_awburst;
  wire mem8_awvalid;
  wire mem8_awready;
  wire [255:0] mem8_wdata;
  wire [31:0] mem8_wstrb;
  wire mem8_wlast;
  wire mem8_wvalid;
  wire mem8_wready;
  wire mem8_bid;
  wire [1:0] mem8_bresp;
  wire mem8_bvalid;
  wire mem8_bready;
  wire mem8_arid;
  wire [39:0] mem8_araddr;
  wire [7:0] mem8_arlen;
  wire [2:0] mem8_arsize;
  wire [1:0] mem8_arburst;
  wire mem8_arvalid;
  wire mem8_arready;
  wire mem8_rid;
  wire [255:0] mem8_rdata;
  wire [1:0] mem8_rresp;
  wire mem8_rlast;
  wire mem8_rvalid;
  wire mem8_rready;
  wire [27:0] short8_awaddr;
  wire [27:0] short8_araddr;
  wire [3:0] short8_awlen;
  wire [3:0] short8_arlen;
  wire [1:0] short8_bresp;
  wire short8_awvalid, short8_awready, short8_wlast, short8_wvalid, short8_wready, short8_bvalid, short8_bready, short8_arvalid, short8_arready, short8_rlast, short8_rvalid, short8_rready;
  assign mem8_bid = 1'b0;
  assign mem8_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_8 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem8_awaddr[27:0]),
    .m_awaddr(short8_awaddr),
    .s_araddr(mem8_araddr[27:0]),
    .m_araddr(short8_araddr),
    .s_awlen(mem8_awlen),
    .m_awlen(short8_awlen),
    .s_arlen(mem8_arlen),
    .m_arlen(short8_arlen),
    .s_bresp(mem8_bresp),
    .m_bresp(short8_bresp),
    .s_awvalid(mem8_awvalid),
    .m_awvalid(short8_awvalid),
    .s_awready(mem8_awready),
    .m_awready(short8_awready),
    .s_wlast(mem8_wlast),
    .m_wlast(short8_wlast),
    .s_wvalid(mem8_wvalid),
    .m_wvalid(short8_wvalid),
    .s_wready(mem8_wready),
    .m_wready(short8_wready),
    .s_bvalid(mem8_bvalid),
    .m_bvalid(short8_bvalid),
    .s_bready(mem8_bready),
    .m_bready(short8_bready),
    .s_arvalid(mem8_arvalid),
    .m_arvalid(short8_arvalid),
    .s_arready(mem8_arready),
    .m_arready(short8_arready),
    .s_rlast(mem8_rlast),
    .m_rlast(short8_rlast),
    .s_rvalid(mem8_rvalid),
    .m_rvalid(short8_rvalid),
    .s_rready(mem8_rready),
    .m_rready(short8_rready)
  );

  // Port 9 of board memory, channel 9 of HBM.
  wire mem9_awid;
  wire [39:0] mem9_awaddr;
  wire [7:0] mem9_awlen;
  wire [2:0] mem9_awsize;
  wire [1:0] mem9_awburst;
  wire mem9_awvalid;
  wire mem9_awready;
  wire [255:0] mem9_wdata;
  wire [31:0] mem9_wstrb;
  wire mem9_wlast;
  wire mem9_wvalid;
  wire mem9_wready;
  wire mem9_bid;
  wire [1:0] mem9_bresp;
  wire mem9_bvalid;
  wire mem9_bready;
  wire mem9_arid;
  wire [39:0] mem9_araddr;
  wire [7:0] mem9_arlen;
  wire [2:0] mem9_arsize;
  wire [1:0] mem9_arburst;
  wire mem9_arvalid;
  wire mem9_arready;
  wire mem9_rid;
  wire [255:0] mem9_rdata;
  wire [1:0] mem9_rresp;
  wire mem9_rlast;
  wire mem9_rvalid;
  wire mem9_rready;
  wire [27:0] short9_awaddr;
  wire [27:0] short9_araddr;
  wire [3:0] short9_awlen;
  wire [3:0] short9_arlen;
  wire [1:0] short9_bresp;
  wire short9_awvalid, short9_awready, short9_wlast, short9_wvalid, short9_wready, short9_bvalid, short9_bready, short9_arvalid, short9_arready, short9_rlast, short9_rvalid, short9_rready;
  assign mem9_bid = 1'b0;
  assign mem9_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_9 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem9_awaddr[27:0]),
    .m_awaddr(short9_awaddr),
    .s_araddr(mem9_araddr[27:0]),
    .m_araddr(short9_araddr),
    .s_awlen(mem9_awlen),
    .m_awlen(short9_awlen),
    .s_arlen(mem9_arlen),
    .m_arlen(short9_arlen),
    .s_bresp(mem9_bresp),
    .m_bresp(short9_bresp),
    .s_awvalid(mem9_awvalid),
    .m_awvalid(short9_awvalid),
    .s_awready(mem9_awready),
    .m_awready(short9_awready),
    .s_wlast(mem9_wlast),
    .m_wlast(short9_wlast),
    .s_wvalid(mem9_wvalid),
    .m_wvalid(short9_wvalid),
    .s_wready(mem9_wready),
    .m_wready(short9_wready),
    .s_bvalid(mem9_bvalid),
    .m_bvalid(short9_bvalid),
    .s_bready(mem9_bready),
    .m_bready(short9_bready),
    .s_arvalid(mem9_arvalid),
    .m_arvalid(short9_arvalid),
    .s_arready(mem9_arready),
    .m_arready(short9_arready),
    .s_rlast(mem9_rlast),
    .m_rlast(short9_rlast),
    .s_rvalid(mem9_rvalid),
    .m_rvalid(short9_rvalid),
    .s_rready(mem9_rready),
    .m_rready(short9_rready)
  );

  // Port 10 of board memory, channel 10 of HBM.
  wire mem10_awid;
  wire [39:0] mem10_awaddr;
  wire [7:0] mem10_awlen;
  wire [2:0] mem10_awsize;
  wire [1:0] mem10_awburst;
  wire mem10_awvalid;
  wire mem10_awready;
  wire [255:0] mem10_wdata;
  wire [31:0] mem10_wstrb;
  wire mem10_wlast;
  wire mem10_wvalid;
  wire mem10_wready;
  wire mem10_bid;
  wire [1:0] mem10_bresp;
  wire mem10_bvalid;
  wire mem10_bready;
  wire mem10_arid;
  wire [39:0] mem10_araddr;
  wire [7:0] mem10_arlen;
  wire [2:0] mem10_arsize;
  wire [1:0] mem10_arburst;
  wire mem10_arvalid;
  wire mem10_arready;
  wire mem10_rid;
  wire [255:0] mem10_rdata;
  wire [1:0] mem10_rresp;
  wire mem10_rlast;
  wire mem10_rvalid;
  wire mem10_rready;
  wire [27:0] short10_awaddr;
  wire [27:0] short10_araddr;
  wire [3:0] short10_awlen;
  wire [3:0] short10_arlen;
  wire [1:0] short10_bresp;
  wire short10_awvalid, short10_awready, short10_wlast, short10_wvalid, short10_wready, short10_bvalid, short10_bready, short10_arvalid, short10_arready, short10_rlast, short10_rvalid, short10_rready;
  assign mem10_bid = 1'b0;
  assign mem10_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_10 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem10_awaddr[27:0]),
    .m_awaddr(short10_awaddr),
    .s_araddr(mem10_araddr[27:0]),
    .m_araddr(short10_araddr),
    .s_awlen(mem10_awlen),
    .m_awlen(short10_awlen),
    .s_arlen(mem10_arlen),
    .m_arlen(short10_arlen),
    .s_bresp(mem10_bresp),
    .m_bresp(short10_bresp),
    .s_awvalid(mem10_awvalid),
    .m_awvalid(short10_awvalid),
    .s_awready(mem10_awready),
    .m_awready(short10_awready),
    .s_wlast(mem10_wlast),
    .m_wlast(short10_wlast),
    .s_wvalid(mem10_wvalid),
    .m_wvalid(short10_wvalid),
    .s_wready(mem10_wready),
    .m_wready(short10_wready),
    .s_bvalid(mem10_bvalid),
    .m_bvalid(short10_bvalid),
    .s_bready(mem10_bready),
    .m_bready(short10_bready),
    .s_arvalid(mem10_arvalid),
    .m_arvalid(short10_arvalid),
    .s_arready(mem10_arready),
    .m_arready(short10_arready),
    .s_rlast(mem10_rlast),
    .m_rlast(short10_rlast),
    .s_rvalid(mem10_rvalid),
    .m_rvalid(short10_rvalid),
    .s_rready(mem10_rready),
    .m_rready(short10_rready)
  );

  // Port 11 of board memory, channel 11 of HBM.
  wire mem11_awid;
  wire [39:0] mem11_awaddr;
  wire [7:0] mem11_awlen;
  wire [2:0] mem11_awsize;
  wire [1:0] mem11_awburst;
  wire mem11_awvalid;
  wire mem11_awready;
  wire [255:0] mem11_wdata;
  wire [31:0] mem11_wstrb;
  wire mem11_wlast;
  wire mem11_wvalid;
  wire mem11_wready;
  wire mem11_bid;
  wire [1:0] mem11_bresp;
  wire mem11_bvalid;
  wire mem11_bready;
  wire mem11_arid;
  wire [39:0] mem11_araddr;
  wire [7:0] mem11_arlen;
  wire [2:0] mem11_arsize;
  wire [1:0] mem11_arburst;
  wire mem11_arvalid;
  wire mem11_arready;
  wire mem11_rid;
  wire [255:0] mem11_rdata;
  wire [1:0] mem11_rresp;
  wire mem11_rlast;
  wire mem11_rvalid;
  wire mem11_rready;
  wire [27:0] short11_awaddr;
  wire [27:0] short11_araddr;
  wire [3:0] short11_awlen;
  wire [3:0] short11_arlen;
  wire [1:0] short11_bresp;
  wire short11_awvalid, short11_awready, short11_wlast, short11_wvalid, short11_wready, short11_bvalid, short11_bready, short11_arvalid, short11_arready, short11_rlast, short11_rvalid, short11_rready;
  assign mem11_bid = 1'b0;
  assign mem11_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_11 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem11_awaddr[27:0]),
    .m_awaddr(short11_awaddr),
    .s_araddr(mem11_araddr[27:0]),
    .m_araddr(short11_araddr),
    .s_awlen(mem11_awlen),
    .m_awlen(short11_awlen),
    .s_arlen(mem11_arlen),
    .m_arlen(short11_arlen),
    .s_bresp(mem11_bresp),
    .m_bresp(short11_bresp),
    .s_awvalid(mem11_awvalid),
    .m_awvalid(short11_awvalid),
    .s_awready(mem11_awready),
    .m_awready(short11_awready),
    .s_wlast(mem11_wlast),
    .m_wlast(short11_wlast),
    .s_wvalid(mem11_wvalid),
    .m_wvalid(short11_wvalid),
    .s_wready(mem11_wready),
    .m_wready(short11_wready),
    .s_bvalid(mem11_bvalid),
    .m_bvalid(short11_bvalid),
    .s_bready(mem11_bready),
    .m_bready(short11_bready),
    .s_arvalid(mem11_arvalid),
    .m_arvalid(short11_arvalid),
    .s_arready(mem11_arready),
    .m_arready(short11_arready),
    .s_rlast(mem11_rlast),
    .m_rlast(short11_rlast),
    .s_rvalid(mem11_rvalid),
    .m_rvalid(short11_rvalid),
    .s_rready(mem11_rready),
    .m_rready(short11_rready)
  );

  // Port 12 of board memory, channel 12 of HBM.
  wire mem12_awid;
  wire [39:0] mem12_awaddr;
  wire [7:0] mem12_awlen;
  wire [2:0] mem12_awsize;
  wire [1:0] mem12_awburst;
  wire mem12_awvalid;
  wire mem12_awready;
  wire [255:0] mem12_wdata;
  wire [31:0] mem12_wstrb;
  wire mem12_wlast;
  wire mem12_wvalid;
  wire mem12_wready;
  wire mem12_bid;
  wire [1:0] mem12_bresp;
  wire mem12_bvalid;
  wire mem12_bready;
  wire mem12_arid;
  wire [39:0] mem12_araddr;
  wire [7:0] mem12_arlen;
  wire [2:0] mem12_arsize;
  wire [1:0] mem12_arburst;
  wire mem12_arvalid;
  wire mem12_arready;
  wire mem12_rid;
  wire [255:0] mem12_rdata;
  wire [1:0] mem12_rresp;
  wire mem12_rlast;
  wire mem12_rvalid;
  wire mem12_rready;
  wire [27:0] short12_awaddr;
  wire [27:0] short12_araddr;
  wire [3:0] short12_awlen;
  wire [3:0] short12_arlen;
  wire [1:0] short12_bresp;
  wire short12_awvalid, short12_awready, short12_wlast, short12_wvalid, short12_wready, short12_bvalid, short12_bready, short12_arvalid, short12_arready, short12_rlast, short12_rvalid, short12_rready;
  assign mem12_bid = 1'b0;
  assign mem12_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_12 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem12_awaddr[27:0]),
    .m_awaddr(short12_awaddr),
    .s_araddr(mem12_araddr[27:0]),
    .m_araddr(short12_araddr),
    .s_awlen(mem12_awlen),
    .m_awlen(short12_awlen),
    .s_arlen(mem12_arlen),
    .m_arlen(short12_arlen),
    .s_bresp(mem12_bresp),
    .m_bresp(short12_bresp),
    .s_awvalid(mem12_awvalid),
    .m_awvalid(short12_awvalid),
    .s_awready(mem12_awready),
    .m_awready(short12_awready),
    .s_wlast(mem12_wlast),
    .m_wlast(short12_wlast),
    .s_wvalid(mem12_wvalid),
    .m_wvalid(short12_wvalid),
    .s_wready(mem12_wready),
    .m_wready(short12_wready),
    .s_bvalid(mem12_bvalid),
    .m_bvalid(short12_bvalid),
    .s_bready(mem12_bready),
    .m_bready(short12_bready),
    .s_arvalid(mem12_arvalid),
    .m_arvalid(short12_arvalid),
    .s_arready(mem12_arready),
    .m_arready(short12_arready),
    .s_rlast(mem12_rlast),
    .m_rlast(short12_rlast),
    .s_rvalid(mem12_rvalid),
    .m_rvalid(short12_rvalid),
    .s_rready(mem12_rready),
    .m_rready(short12_rready)
  );

  // Port 13 of board memory, channel 13 of HBM.
  wire mem13_awid;
  wire [39:0] mem13_awaddr;
  wire [7:0] mem13_awlen;
  wire [2:0] mem13_awsize;
  wire [1:0] mem13_awburst;
  wire mem13_awvalid;
  wire mem13_awready;
  wire [255:0] mem13_wdata;
  wire [31:0] mem13_wstrb;
  wire mem13_wlast;
  wire mem13_wvalid;
  wire mem13_wready;
  wire mem13_bid;
  wire [1:0] mem13_bresp;
  wire mem13_bvalid;
  wire mem13_bready;
  wire mem13_arid;
  wire [39:0] mem13_araddr;
  wire [7:0] mem13_arlen;
  wire [2:0] mem13_arsize;
  wire [1:0] mem13_arburst;
  wire mem13_arvalid;
  wire mem13_arready;
  wire mem13_rid;
  wire [255:0] mem13_rdata;
  wire [1:0] mem13_rresp;
  wire mem13_rlast;
  wire mem13_rvalid;
  wire mem13_rready;
  wire [27:0] short13_awaddr;
  wire [27:0] short13_araddr;
  wire [3:0] short13_awlen;
  wire [3:0] short13_arlen;
  wire [1:0] short13_bresp;
  wire short13_awvalid, short13_awready, short13_wlast, short13_wvalid, short13_wready, short13_bvalid, short13_bready, short13_arvalid, short13_arready, short13_rlast, short13_rvalid, short13_rready;
  assign mem13_bid = 1'b0;
  assign mem13_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_13 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem13_awaddr[27:0]),
    .m_awaddr(short13_awaddr),
    .s_araddr(mem13_araddr[27:0]),
    .m_araddr(short13_araddr),
    .s_awlen(mem13_awlen),
    .m_awlen(short13_awlen),
    .s_arlen(mem13_arlen),
    .m_arlen(short13_arlen),
    .s_bresp(mem13_bresp),
    .m_bresp(short13_bresp),
    .s_awvalid(mem13_awvalid),
    .m_awvalid(short13_awvalid),
    .s_awready(mem13_awready),
    .m_awready(short13_awready),
    .s_wlast(mem13_wlast),
    .m_wlast(short13_wlast),
    .s_wvalid(mem13_wvalid),
    .m_wvalid(short13_wvalid),
    .s_wready(mem13_wready),
    .m_wready(short13_wready),
    .s_bvalid(mem13_bvalid),
    .m_bvalid(short13_bvalid),
    .s_bready(mem13_bready),
    .m_bready(short13_bready),
    .s_arvalid(mem13_arvalid),
    .m_arvalid(short13_arvalid),
    .s_arready(mem13_arready),
    .m_arready(short13_arready),
    .s_rlast(mem13_rlast),
    .m_rlast(short13_rlast),
    .s_rvalid(mem13_rvalid),
    .m_rvalid(short13_rvalid),
    .s_rready(mem13_rready),
    .m_rready(short13_rready)
  );

  // Port 14 of board memory, channel 14 of HBM.
  wire mem14_awid;
  wire [39:0] mem14_awaddr;
  wire [7:0] mem14_awlen;
  wire [2:0] mem14_awsize;
  wire [1:0] mem14_awburst;
  wire mem14_awvalid;
  wire mem14_awready;
  wire [255:0] mem14_wdata;
  wire [31:0] mem14_wstrb;
  wire mem14_wlast;
  wire mem14_wvalid;
  wire mem14_wready;
  wire mem14_bid;
  wire [1:0] mem14_bresp;
  wire mem14_bvalid;
  wire mem14_bready;
  wire mem14_arid;
  wire [39:0] mem14_araddr;
  wire [7:0] mem14_arlen;
  wire [2:0] mem14_arsize;
  wire [1:0] mem14_arburst;
  wire mem14_arvalid;
  wire mem14_arready;
  wire mem14_rid;
  wire [255:0] mem14_rdata;
  wire [1:0] mem14_rresp;
  wire mem14_rlast;
  wire mem14_rvalid;
  wire mem14_rready;
  wire [27:0] short14_awaddr;
  wire [27:0] short14_araddr;
  wire [3:0] short14_awlen;
  wire [3:0] short14_arlen;
  wire [1:0] short14_bresp;
  wire short14_awvalid, short14_awready, short14_wlast, short14_wvalid, short14_wready, short14_bvalid, short14_bready, short14_arvalid, short14_arready, short14_rlast, short14_rvalid, short14_rready;
  assign mem14_bid = 1'b0;
  assign mem14_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_14 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem14_awaddr[27:0]),
    .m_awaddr(short14_awaddr),
    .s_araddr(mem14_araddr[27:0]),
    .m_araddr(short14_araddr),
    .s_awlen(mem14_awlen),
    .m_awlen(short14_awlen),
    .s_arlen(mem14_arlen),
    .m_arlen(short14_arlen),
    .s_bresp(mem14_bresp),
    .m_bresp(short14_bresp),
    .s_awvalid(mem14_awvalid),
    .m_awvalid(short14_awvalid),
    .s_awready(mem14_awready),
    .m_awready(short14_awready),
    .s_wlast(mem14_wlast),
    .m_wlast(short14_wlast),
    .s_wvalid(mem14_wvalid),
    .m_wvalid(short14_wvalid),
    .s_wready(mem14_wready),
    .m_wready(short14_wready),
    .s_bvalid(mem14_bvalid),
    .m_bvalid(short14_bvalid),
    .s_bready(mem14_bready),
    .m_bready(short14_bready),
    .s_arvalid(mem14_arvalid),
    .m_arvalid(short14_arvalid),
    .s_arready(mem14_arready),
    .m_arready(short14_arready),
    .s_rlast(mem14_rlast),
    .m_rlast(short14_rlast),
    .s_rvalid(mem14_rvalid),
    .m_rvalid(short14_rvalid),
    .s_rready(mem14_rready),
    .m_rready(short14_rready)
  );

  // Port 15 of board memory, channel 15 of HBM.
  wire mem15_awid;
  wire [39:0] mem15_awaddr;
  wire [7:0] mem15_awlen;
  wire [2:0] mem15_awsize;
  wire [1:0] mem15_awburst;
  wire mem15_awvalid;
  wire mem15_awready;
  wire [255:0] mem15_wdata;
  wire [31:0] mem15_wstrb;
  wire mem15_wlast;
  wire mem15_wvalid;
  wire mem15_wready;
  wire mem15_bid;
  wire [1:0] mem15_bresp;
  wire mem15_bvalid;
  wire mem15_bready;
  wire mem15_arid;
  wire [39:0] mem15_araddr;
  wire [7:0] mem15_arlen;
  wire [2:0] mem15_arsize;
  wire [1:0] mem15_arburst;
  wire mem15_arvalid;
  wire mem15_arready;
  wire mem15_rid;
  wire [255:0] mem15_rdata;
  wire [1:0] mem15_rresp;
  wire mem15_rlast;
  wire mem15_rvalid;
  wire mem15_rready;
  wire [27:0] short15_awaddr;
  wire [27:0] short15_araddr;
  wire [3:0] short15_awlen;
  wire [3:0] short15_arlen;
  wire [1:0] short15_bresp;
  wire short15_awvalid, short15_awready, short15_wlast, short15_wvalid, short15_wready, short15_bvalid, short15_bready, short15_arvalid, short15_arready, short15_rlast, short15_rvalid, short15_rready;
  assign mem15_bid = 1'b0;
  assign mem15_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_15 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem15_awaddr[27:0]),
    .m_awaddr(short15_awaddr),
    .s_araddr(mem15_araddr[27:0]),
    .m_araddr(short15_araddr),
    .s_awlen(mem15_awlen),
    .m_awlen(short15_awlen),
    .s_arlen(mem15_arlen),
    .m_arlen(short15_arlen),
    .s_bresp(mem15_bresp),
    .m_bresp(short15_bresp),
    .s_awvalid(mem15_awvalid),
    .m_awvalid(short15_awvalid),
    .s_awready(mem15_awready),
    .m_awready(short15_awready),
    .s_wlast(mem15_wlast),
    .m_wlast(short15_wlast),
    .s_wvalid(mem15_wvalid),
    .m_wvalid(short15_wvalid),
    .s_wready(mem15_wready),
    .m_wready(short15_wready),
    .s_bvalid(mem15_bvalid),
    .m_bvalid(short15_bvalid),
    .s_bready(mem15_bready),
    .m_bready(short15_bready),
    .s_arvalid(mem15_arvalid),
    .m_arvalid(short15_arvalid),
    .s_arready(mem15_arready),
    .m_arready(short15_arready),
    .s_rlast(mem15_rlast),
    .m_rlast(short15_rlast),
    .s_rvalid(mem15_rvalid),
    .m_rvalid(short15_rvalid),
    .s_rready(mem15_rready),
    .m_rready(short15_rready)
  );

  // Port 16 of board memory, channel 16 of HBM.
  wire mem16_awid;
  wire [39:0] mem16_awaddr;
  wire [7:0] mem16_awlen;
  wire [2:0] mem16_awsize;
  wire [1:0] mem16_awburst;
  wire mem16_awvalid;
  wire mem16_awready;
  wire [255:0] mem16_wdata;
  wire [31:0] mem16_wstrb;
  wire mem16_wlast;
  wire mem16_wvalid;
  wire mem16_wready;
  wire mem16_bid;
  wire [1:0] mem16_bresp;
  wire mem16_bvalid;
  wire mem16_bready;
  wire mem16_arid;
  wire [39:0] mem16_araddr;
  wire [7:0] mem16_arlen;
  wire [2:0] mem16_arsize;
  wire [1:0] mem16_arburst;
  wire mem16_arvalid;
  wire mem16_arready;
  wire mem16_rid;
  wire [255:0] mem16_rdata;
  wire [1:0] mem16_rresp;
  wire mem16_rlast;
  wire mem16_rvalid;
  wire mem16_rready;
  wire [27:0] short16_awaddr;
  wire [27:0] short16_araddr;
  wire [3:0] short16_awlen;
  wire [3:0] short16_arlen;
  wire [1:0] short16_bresp;
  wire short16_awvalid, short16_awready, short16_wlast, short16_wvalid, short16_wready, short16_bvalid, short16_bready, short16_arvalid, short16_arready, short16_rlast, short16_rvalid, short16_rready;
  assign mem16_bid = 1'b0;
  assign mem16_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_16 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem16_awaddr[27:0]),
    .m_awaddr(short16_awaddr),
    .s_araddr(mem16_araddr[27:0]),
    .m_araddr(short16_araddr),
    .s_awlen(mem16_awlen),
    .m_awlen(short16_awlen),
    .s_arlen(mem16_arlen),
    .m_arlen(short16_arlen),
    .s_bresp(mem16_bresp),
    .m_bresp(short16_bresp),
    .s_awvalid(mem16_awvalid),
    .m_awvalid(short16_awvalid),
    .s_awready(mem16_awready),
    .m_awready(short16_awready),
    .s_wlast(mem16_wlast),
    .m_wlast(short16_wlast),
    .s_wvalid(mem16_wvalid),
    .m_wvalid(short16_wvalid),
    .s_wready(mem16_wready),
    .m_wready(short16_wready),
    .s_bvalid(mem16_bvalid),
    .m_bvalid(short16_bvalid),
    .s_bready(mem16_bready),
    .m_bready(short16_bready),
    .s_arvalid(mem16_arvalid),
    .m_arvalid(short16_arvalid),
    .s_arready(mem16_arready),
    .m_arready(short16_arready),
    .s_rlast(mem16_rlast),
    .m_rlast(short16_rlast),
    .s_rvalid(mem16_rvalid),
    .m_rvalid(short16_rvalid),
    .s_rready(mem16_rready),
    .m_rready(short16_rready)
  );

  // Port 17 of board memory, channel 17 of HBM.
  wire mem17_awid;
  wire [39:0] mem17_awaddr;
  wire [7:0] mem17_awlen;
  wire [2:0] mem17_awsize;
  wire [1:0] mem17_awburst;
  wire mem17_awvalid;
  wire mem17_awready;
  wire [255:0] mem17_wdata;
  wire [31:0] mem17_wstrb;
  wire mem17_wlast;
  wire mem17_wvalid;
  wire mem17_wready;
  wire mem17_bid;
  wire [1:0] mem17_bresp;
  wire mem17_bvalid;
  wire mem17_bready;
  wire mem17_arid;
  wire [39:0] mem17_araddr;
  wire [7:0] mem17_arlen;
  wire [2:0] mem17_arsize;
  wire [1:0] mem17_arburst;
  wire mem17_arvalid;
  wire mem17_arready;
  wire mem17_rid;
  wire [255:0] mem17_rdata;
  wire [1:0] mem17_rresp;
  wire mem17_rlast;
  wire mem17_rvalid;
  wire mem17_rready;
  wire [27:0] short17_awaddr;
  wire [27:0] short17_araddr;
  wire [3:0] short17_awlen;
  wire [3:0] short17_arlen;
  wire [1:0] short17_bresp;
  wire short17_awvalid, short17_awready, short17_wlast, short17_wvalid, short17_wready, short17_bvalid, short17_bready, short17_arvalid, short17_arready, short17_rlast, short17_rvalid, short17_rready;
  assign mem17_bid = 1'b0;
  assign mem17_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_17 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem17_awaddr[27:0]),
    .m_awaddr(short17_awaddr),
    .s_araddr(mem17_araddr[27:0]),
    .m_araddr(short17_araddr),
    .s_awlen(mem17_awlen),
    .m_awlen(short17_awlen),
    .s_arlen(mem17_arlen),
    .m_arlen(short17_arlen),
    .s_bresp(mem17_bresp),
    .m_bresp(short17_bresp),
    .s_awvalid(mem17_awvalid),
    .m_awvalid(short17_awvalid),
    .s_awready(mem17_awready),
    .m_awready(short17_awready),
    .s_wlast(mem17_wlast),
    .m_wlast(short17_wlast),
    .s_wvalid(mem17_wvalid),
    .m_wvalid(short17_wvalid),
    .s_wready(mem17_wready),
    .m_wready(short17_wready),
    .s_bvalid(mem17_bvalid),
    .m_bvalid(short17_bvalid),
    .s_bready(mem17_bready),
    .m_bready(short17_bready),
    .s_arvalid(mem17_arvalid),
    .m_arvalid(short17_arvalid),
    .s_arready(mem17_arready),
    .m_arready(short17_arready),
    .s_rlast(mem17_rlast),
    .m_rlast(short17_rlast),
    .s_rvalid(mem17_rvalid),
    .m_rvalid(short17_rvalid),
    .s_rready(mem17_rready),
    .m_rready(short17_rready)
  );

  // Port 18 of board memory, channel 18 of HBM.
  wire mem18_awid;
  wire [39:0] mem18_awaddr;
  wire [7:0] mem18_awlen;
  wire [2:0] mem18_awsize;
  wire [1:0] mem18_awburst;
  wire mem18_awvalid;
  wire mem18_awready;
  wire [255:0] mem18_wdata;
  wire [31:0] mem18_wstrb;
  wire mem18_wlast;
  wire mem18_wvalid;
  wire mem18_wready;
  wire mem18_bid;
  wire [1:0] mem18_bresp;
  wire mem18_bvalid;
  wire mem18_bready;
  wire mem18_arid;
  wire [39:0] mem18_araddr;
  wire [7:0] mem18_arlen;
  wire [2:0] mem18_arsize;
  wire [1:0] mem18_arburst;
  wire mem18_arvalid;
  wire mem18_arready;
  wire mem18_rid;
  wire [255:0] mem18_rdata;
  wire [1:0] mem18_rresp;
  wire mem18_rlast;
  wire mem18_rvalid;
  wire mem18_rready;
  wire [27:0] short18_awaddr;
  wire [27:0] short18_araddr;
  wire [3:0] short18_awlen;
  wire [3:0] short18_arlen;
  wire [1:0] short18_bresp;
  wire short18_awvalid, short18_awready, short18_wlast, short18_wvalid, short18_wready, short18_bvalid, short18_bready, short18_arvalid, short18_arready, short18_rlast, short18_rvalid, short18_rready;
  assign mem18_bid = 1'b0;
  assign mem18_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_18 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem18_awaddr[27:0]),
    .m_awaddr(short18_awaddr),
    .s_araddr(mem18_araddr[27:0]),
    .m_araddr(short18_araddr),
    .s_awlen(mem18_awlen),
    .m_awlen(short18_awlen),
    .s_arlen(mem18_arlen),
    .m_arlen(short18_arlen),
    .s_bresp(mem18_bresp),
    .m_bresp(short18_bresp),
    .s_awvalid(mem18_awvalid),
    .m_awvalid(short18_awvalid),
    .s_awready(mem18_awready),
    .m_awready(short18_awready),
    .s_wlast(mem18_wlast),
    .m_wlast(short18_wlast),
    .s_wvalid(mem18_wvalid),
    .m_wvalid(short18_wvalid),
    .s_wready(mem18_wready),
    .m_wready(short18_wready),
    .s_bvalid(mem18_bvalid),
    .m_bvalid(short18_bvalid),
    .s_bready(mem18_bready),
    .m_bready(short18_bready),
    .s_arvalid(mem18_arvalid),
    .m_arvalid(short18_arvalid),
    .s_arready(mem18_arready),
    .m_arready(short18_arready),
    .s_rlast(mem18_rlast),
    .m_rlast(short18_rlast),
    .s_rvalid(mem18_rvalid),
    .m_rvalid(short18_rvalid),
    .s_rready(mem18_rready),
    .m_rready(short18_rready)
  );

  // Port 19 of board memory, channel 19 of HBM.
  wire mem19_awid;
  wire [39:0] mem19_awaddr;
  wire [7:0] mem19_awlen;
  wire [2:0] mem19_awsize;
  wire [1:0] mem19_awburst;
  wire mem19_awvalid;
  wire mem19_awready;
  wire [255:0] mem19_wdata;
  wire [31:0] mem19_wstrb;
  wire mem19_wlast;
  wire mem19_wvalid;
  wire mem19_wready;
  wire mem19_bid;
  wire [1:0] mem19_bresp;
  wire mem19_bvalid;
  wire mem19_bready;
  wire mem19_arid;
  wire [39:0] mem19_araddr;
  wire [7:0] mem19_arlen;
  wire [2:0] mem19_arsize;
  wire [1:0] mem19_arburst;
  wire mem19_arvalid;
  wire mem19_arready;
  wire mem19_rid;
  wire [255:0] mem19_rdata;
  wire [1:0] mem19_rresp;
  wire mem19_rlast;
  wire mem19_rvalid;
  wire mem19_rready;
  wire [27:0] short19_awaddr;
  wire [27:0] short19_araddr;
  wire [3:0] short19_awlen;
  wire [3:0] short19_arlen;
  wire [1:0] short19_bresp;
  wire short19_awvalid, short19_awready, short19_wlast, short19_wvalid, short19_wready, short19_bvalid, short19_bready, short19_arvalid, short19_arready, short19_rlast, short19_rvalid, short19_rready;
  assign mem19_bid = 1'b0;
  assign mem19_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_19 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem19_awaddr[27:0]),
    .m_awaddr(short19_awaddr),
    .s_araddr(mem19_araddr[27:0]),
    .m_araddr(short19_araddr),
    .s_awlen(mem19_awlen),
    .m_awlen(short19_awlen),
    .s_arlen(mem19_arlen),
    .m_arlen(short19_arlen),
    .s_bresp(mem19_bresp),
    .m_bresp(short19_bresp),
    .s_awvalid(mem19_awvalid),
    .m_awvalid(short19_awvalid),
    .s_awready(mem19_awready),
    .m_awready(short19_awready),
    .s_wlast(mem19_wlast),
    .m_wlast(short19_wlast),
    .s_wvalid(mem19_wvalid),
    .m_wvalid(short19_wvalid),
    .s_wready(mem19_wready),
    .m_wready(short19_wready),
    .s_bvalid(mem19_bvalid),
    .m_bvalid(short19_bvalid),
    .s_bready(mem19_bready),
    .m_bready(short19_bready),
    .s_arvalid(mem19_arvalid),
    .m_arvalid(short19_arvalid),
    .s_arready(mem19_arready),
    .m_arready(short19_arready),
    .s_rlast(mem19_rlast),
    .m_rlast(short19_rlast),
    .s_rvalid(mem19_rvalid),
    .m_rvalid(short19_rvalid),
    .s_rready(mem19_rready),
    .m_rready(short19_rready)
  );

  // Port 20 of board memory, channel 20 of HBM.
  wire mem20_awid;
  wire [39:0] mem20_awaddr;
  wire [7:0] mem20_awlen;
  wire [2:0] mem20_awsize;
  wire [1:0] mem20_awburst;
  wire mem20_awvalid;
  wire mem20_awready;
  wire [255:0] mem20_wdata;
  wire [31:0] mem20_wstrb;
  wire mem20_wlast;
  wire mem20_wvalid;
  wire mem20_wready;
  wire mem20_bid;
  wire [1:0] mem20_bresp;
  wire mem20_bvalid;
  wire mem20_bready;
  wire mem20_arid;
  wire [39:0] mem20_araddr;
  wire [7:0] mem20_arlen;
  wire [2:0] mem20_arsize;
  wire [1:0] mem20_arburst;
  wire mem20_arvalid;
  wire mem20_arready;
  wire mem20_rid;
  wire [255:0] mem20_rdata;
  wire [1:0] mem20_rresp;
  wire mem20_rlast;
  wire mem20_rvalid;
  wire mem20_rready;
  wire [27:0] short20_awaddr;
  wire [27:0] short20_araddr;
  wire [3:0] short20_awlen;
  wire [3:0] short20_arlen;
  wire [1:0] short20_bresp;
  wire short20_awvalid, short20_awready, short20_wlast, short20_wvalid, short20_wready, short20_bvalid, short20_bready, short20_arvalid, short20_arready, short20_rlast, short20_rvalid, short20_rready;
  assign mem20_bid = 1'b0;
  assign mem20_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_20 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem20_awaddr[27:0]),
    .m_awaddr(short20_awaddr),
    .s_araddr(mem20_araddr[27:0]),
    .m_araddr(short20_araddr),
    .s_awlen(mem20_awlen),
    .m_awlen(short20_awlen),
    .s_arlen(mem20_arlen),
    .m_arlen(short20_arlen),
    .s_bresp(mem20_bresp),
    .m_bresp(short20_bresp),
    .s_awvalid(mem20_awvalid),
    .m_awvalid(short20_awvalid),
    .s_awready(mem20_awready),
    .m_awready(short20_awready),
    .s_wlast(mem20_wlast),
    .m_wlast(short20_wlast),
    .s_wvalid(mem20_wvalid),
    .m_wvalid(short20_wvalid),
    .s_wready(mem20_wready),
    .m_wready(short20_wready),
    .s_bvalid(mem20_bvalid),
    .m_bvalid(short20_bvalid),
    .s_bready(mem20_bready),
    .m_bready(short20_bready),
    .s_arvalid(mem20_arvalid),
    .m_arvalid(short20_arvalid),
    .s_arready(mem20_arready),
    .m_arready(short20_arready),
    .s_rlast(mem20_rlast),
    .m_rlast(short20_rlast),
    .s_rvalid(mem20_rvalid),
    .m_rvalid(short20_rvalid),
    .s_rready(mem20_rready),
    .m_rready(short20_rready)
  );

  // Port 21 of board memory, channel 21 of HBM.
  wire mem21_awid;
  wire [39:0] mem21_awaddr;
  wire [7:0] mem21_awlen;
  wire [2:0] mem21_awsize;
  wire [1:0] mem21_awburst;
  wire mem21_awvalid;
  wire mem21_awready;
  wire [255:0] mem21_wdata;
  wire [31:0] mem21_wstrb;
  wire mem21_wlast;
  wire mem21_wvalid;
  wire mem21_wready;
  wire mem21_bid;
  wire [1:0] mem21_bresp;
  wire mem21_bvalid;
  wire mem21_bready;
  wire mem21_arid;
  wire [39:0] mem21_araddr;
  wire [7:0] mem21_arlen;
  wire [2:0] mem21_arsize;
  wire [1:0] mem21_arburst;
  wire mem21_arvalid;
  wire mem21_arready;
  wire mem21_rid;
  wire [255:0] mem21_rdata;
  wire [1:0] mem21_rresp;
  wire mem21_rlast;
  wire mem21_rvalid;
  wire mem21_rready;
  wire [27:0] short21_awaddr;
  wire [27:0] short21_araddr;
  wire [3:0] short21_awlen;
  wire [3:0] short21_arlen;
  wire [1:0] short21_bresp;
  wire short21_awvalid, short21_awready, short21_wlast, short21_wvalid, short21_wready, short21_bvalid, short21_bready, short21_arvalid, short21_arready, short21_rlast, short21_rvalid, short21_rready;
  assign mem21_bid = 1'b0;
  assign mem21_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_21 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem21_awaddr[27:0]),
    .m_awaddr(short21_awaddr),
    .s_araddr(mem21_araddr[27:0]),
    .m_araddr(short21_araddr),
    .s_awlen(mem21_awlen),
    .m_awlen(short21_awlen),
    .s_arlen(mem21_arlen),
    .m_arlen(short21_arlen),
    .s_bresp(mem21_bresp),
    .m_bresp(short21_bresp),
    .s_awvalid(mem21_awvalid),
    .m_awvalid(short21_awvalid),
    .s_awready(mem21_awready),
    .m_awready(short21_awready),
    .s_wlast(mem21_wlast),
    .m_wlast(short21_wlast),
    .s_wvalid(mem21_wvalid),
    .m_wvalid(short21_wvalid),
    .s_wready(mem21_wready),
    .m_wready(short21_wready),
    .s_bvalid(mem21_bvalid),
    .m_bvalid(short21_bvalid),
    .s_bready(mem21_bready),
    .m_bready(short21_bready),
    .s_arvalid(mem21_arvalid),
    .m_arvalid(short21_arvalid),
    .s_arready(mem21_arready),
    .m_arready(short21_arready),
    .s_rlast(mem21_rlast),
    .m_rlast(short21_rlast),
    .s_rvalid(mem21_rvalid),
    .m_rvalid(short21_rvalid),
    .s_rready(mem21_rready),
    .m_rready(short21_rready)
  );

  // Port 22 of board memory, channel 22 of HBM.
  wire mem22_awid;
  wire [39:0] mem22_awaddr;
  wire [7:0] mem22_awlen;
  wire [2:0] mem22_awsize;
  wire [1:0] mem22_awburst;
  wire mem22_awvalid;
  wire mem22_awready;
  wire [255:0] mem22_wdata;
  wire [31:0] mem22_wstrb;
  wire mem22_wlast;
  wire mem22_wvalid;
  wire mem22_wready;
  wire mem22_bid;
  wire [1:0] mem22_bresp;
  wire mem22_bvalid;
  wire mem22_bready;
  wire mem22_arid;
  wire [39:0] mem22_araddr;
  wire [7:0] mem22_arlen;
  wire [2:0] mem22_arsize;
  wire [1:0] mem22_arburst;
  wire mem22_arvalid;
  wire mem22_arready;
  wire mem22_rid;
  wire [255:0] mem22_rdata;
  wire [1:0] mem22_rresp;
  wire mem22_rlast;
  wire mem22_rvalid;
  wire mem22_rready;
  wire [27:0] short22_awaddr;
  wire [27:0] short22_araddr;
  wire [3:0] short22_awlen;
  wire [3:0] short22_arlen;
  wire [1:0] short22_bresp;
  wire short22_awvalid, short22_awready, short22_wlast, short22_wvalid, short22_wready, short22_bvalid, short22_bready, short22_arvalid, short22_arready, short22_rlast, short22_rvalid, short22_rready;
  assign mem22_bid = 1'b0;
  assign mem22_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_22 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem22_awaddr[27:0]),
    .m_awaddr(short22_awaddr),
    .s_araddr(mem22_araddr[27:0]),
    .m_araddr(short22_araddr),
    .s_awlen(mem22_awlen),
    .m_awlen(short22_awlen),
    .s_arlen(mem22_arlen),
    .m_arlen(short22_arlen),
    .s_bresp(mem22_bresp),
    .m_bresp(short22_bresp),
    .s_awvalid(mem22_awvalid),
    .m_awvalid(short22_awvalid),
    .s_awready(mem22_awready),
    .m_awready(short22_awready),
    .s_wlast(mem22_wlast),
    .m_wlast(short22_wlast),
    .s_wvalid(mem22_wvalid),
    .m_wvalid(short22_wvalid),
    .s_wready(mem22_wready),
    .m_wready(short22_wready),
    .s_bvalid(mem22_bvalid),
    .m_bvalid(short22_bvalid),
    .s_bready(mem22_bready),
    .m_bready(short22_bready),
    .s_arvalid(mem22_arvalid),
    .m_arvalid(short22_arvalid),
    .s_arready(mem22_arready),
    .m_arready(short22_arready),
    .s_rlast(mem22_rlast),
    .m_rlast(short22_rlast),
    .s_rvalid(mem22_rvalid),
    .m_rvalid(short22_rvalid),
    .s_rready(mem22_rready),
    .m_rready(short22_rready)
  );

  // Port 23 of board memory, channel 23 of HBM.
  wire mem23_awid;
  wire [39:0] mem23_awaddr;
  wire [7:0] mem23_awlen;
  wire [2:0] mem23_awsize;
  wire [1:0] mem23_awburst;
  wire mem23_awvalid;
  wire mem23_awready;
  wire [255:0] mem23_wdata;
  wire [31:0] mem23_wstrb;
  wire mem23_wlast;
  wire mem23_wvalid;
  wire mem23_wready;
  wire mem23_bid;
  wire [1:0] mem23_bresp;
  wire mem23_bvalid;
  wire mem23_bready;
  wire mem23_arid;
  wire [39:0] mem23_araddr;
  wire [7:0] mem23_arlen;
  wire [2:0] mem23_arsize;
  wire [1:0] mem23_arburst;
  wire mem23_arvalid;
  wire mem23_arready;
  wire mem23_rid;
  wire [255:0] mem23_rdata;
  wire [1:0] mem23_rresp;
  wire mem23_rlast;
  wire mem23_rvalid;
  wire mem23_rready;
  wire [27:0] short23_awaddr;
  wire [27:0] short23_araddr;
  wire [3:0] short23_awlen;
  wire [3:0] short23_arlen;
  wire [1:0] short23_bresp;
  wire short23_awvalid, short23_awready, short23_wlast, short23_wvalid, short23_wready, short23_bvalid, short23_bready, short23_arvalid, short23_arready, short23_rlast, short23_rvalid, short23_rready;
  assign mem23_bid = 1'b0;
  assign mem23_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_23 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem23_awaddr[27:0]),
    .m_awaddr(short23_awaddr),
    .s_araddr(mem23_araddr[27:0]),
    .m_araddr(short23_araddr),
    .s_awlen(mem23_awlen),
    .m_awlen(short23_awlen),
    .s_arlen(mem23_arlen),
    .m_arlen(short23_arlen),
    .s_bresp(mem23_bresp),
    .m_bresp(short23_bresp),
    .s_awvalid(mem23_awvalid),
    .m_awvalid(short23_awvalid),
    .s_awready(mem23_awready),
    .m_awready(short23_awready),
    .s_wlast(mem23_wlast),
    .m_wlast(short23_wlast),
    .s_wvalid(mem23_wvalid),
    .m_wvalid(short23_wvalid),
    .s_wready(mem23_wready),
    .m_wready(short23_wready),
    .s_bvalid(mem23_bvalid),
    .m_bvalid(short23_bvalid),
    .s_bready(mem23_bready),
    .m_bready(short23_bready),
    .s_arvalid(mem23_arvalid),
    .m_arvalid(short23_arvalid),
    .s_arready(mem23_arready),
    .m_arready(short23_arready),
    .s_rlast(mem23_rlast),
    .m_rlast(short23_rlast),
    .s_rvalid(mem23_rvalid),
    .m_rvalid(short23_rvalid),
    .s_rready(mem23_rready),
    .m_rready(short23_rready)
  );

  // Port 24 of board memory, channel 24 of HBM.
  wire mem24_awid;
  wire [39:0] mem24_awaddr;
  wire [7:0] mem24_awlen;
  wire [2:0] mem24_awsize;
  wire [1:0] mem24_awburst;
  wire mem24_awvalid;
  wire mem24_awready;
  wire [255:0] mem24_wdata;
  wire [31:0] mem24_wstrb;
  wire mem24_wlast;
  wire mem24_wvalid;
  wire mem24_wready;
  wire mem24_bid;
  wire [1:0] mem24_bresp;
  wire mem24_bvalid;
  wire mem24_bready;
  wire mem24_arid;
  wire [39:0] mem24_araddr;
  wire [7:0] mem24_arlen;
  wire [2:0] mem24_arsize;
  wire [1:0] mem24_arburst;
  wire mem24_arvalid;
  wire mem24_arready;
  wire mem24_rid;
  wire [255:0] mem24_rdata;
  wire [1:0] mem24_rresp;
  wire mem24_rlast;
  wire mem24_rvalid;
  wire mem24_rready;
  wire [27:0] short24_awaddr;
  wire [27:0] short24_araddr;
  wire [3:0] short24_awlen;
  wire [3:0] short24_arlen;
  wire [1:0] short24_bresp;
  wire short24_awvalid, short24_awready, short24_wlast, short24_wvalid, short24_wready, short24_bvalid, short24_bready, short24_arvalid, short24_arready, short24_rlast, short24_rvalid, short24_rready;
  assign mem24_bid = 1'b0;
  assign mem24_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_24 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem24_awaddr[27:0]),
    .m_awaddr(short24_awaddr),
    .s_araddr(mem24_araddr[27:0]),
    .m_araddr(short24_araddr),
    .s_awlen(mem24_awlen),
    .m_awlen(short24_awlen),
    .s_arlen(mem24_arlen),
    .m_arlen(short24_arlen),
    .s_bresp(mem24_bresp),
    .m_bresp(short24_bresp),
    .s_awvalid(mem24_awvalid),
    .m_awvalid(short24_awvalid),
    .s_awready(mem24_awready),
    .m_awready(short24_awready),
    .s_wlast(mem24_wlast),
    .m_wlast(short24_wlast),
    .s_wvalid(mem24_wvalid),
    .m_wvalid(short24_wvalid),
    .s_wready(mem24_wready),
    .m_wready(short24_wready),
    .s_bvalid(mem24_bvalid),
    .m_bvalid(short24_bvalid),
    .s_bready(mem24_bready),
    .m_bready(short24_bready),
    .s_arvalid(mem24_arvalid),
    .m_arvalid(short24_arvalid),
    .s_arready(mem24_arready),
    .m_arready(short24_arready),
    .s_rlast(mem24_rlast),
    .m_rlast(short24_rlast),
    .s_rvalid(mem24_rvalid),
    .m_rvalid(short24_rvalid),
    .s_rready(mem24_rready),
    .m_rready(short24_rready)
  );

  // Port 25 of board memory, channel 25 of HBM.
  wire mem25_awid;
  wire [39:0] mem25_awaddr;
  wire [7:0] mem25_awlen;
  wire [2:0] mem25_awsize;
  wire [1:0] mem25_awburst;
  wire mem25_awvalid;
  wire mem25_awready;
  wire [255:0] mem25_wdata;
  wire [31:0] mem25_wstrb;
  wire mem25_wlast;
  wire mem25_wvalid;
  wire mem25_wready;
  wire mem25_bid;
  wire [1:0] mem25_bresp;
  wire mem25_bvalid;
  wire mem25_bready;
  wire mem25_arid;
  wire [39:0] mem25_araddr;
  wire [7:0] mem25_arlen;
  wire [2:0] mem25_arsize;
  wire [1:0] mem25_arburst;
  wire mem25_arvalid;
  wire mem25_arready;
  wire mem25_rid;
  wire [255:0] mem25_rdata;
  wire [1:0] mem25_rresp;
  wire mem25_rlast;
  wire mem25_rvalid;
  wire mem25_rready;
  wire [27:0] short25_awaddr;
  wire [27:0] short25_araddr;
  wire [3:0] short25_awlen;
  wire [3:0] short25_arlen;
  wire [1:0] short25_bresp;
  wire short25_awvalid, short25_awready, short25_wlast, short25_wvalid, short25_wready, short25_bvalid, short25_bready, short25_arvalid, short25_arready, short25_rlast, short25_rvalid, short25_rready;
  assign mem25_bid = 1'b0;
  assign mem25_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_25 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem25_awaddr[27:0]),
    .m_awaddr(short25_awaddr),
    .s_araddr(mem25_araddr[27:0]),
    .m_araddr(short25_araddr),
    .s_awlen(mem25_awlen),
    .m_awlen(short25_awlen),
    .s_arlen(mem25_arlen),
    .m_arlen(short25_arlen),
    .s_bresp(mem25_bresp),
    .m_bresp(short25_bresp),
    .s_awvalid(mem25_awvalid),
    .m_awvalid(short25_awvalid),
    .s_awready(mem25_awready),
    .m_awready(short25_awready),
    .s_wlast(mem25_wlast),
    .m_wlast(short25_wlast),
    .s_wvalid(mem25_wvalid),
    .m_wvalid(short25_wvalid),
    .s_wready(mem25_wready),
    .m_wready(short25_wready),
    .s_bvalid(mem25_bvalid),
    .m_bvalid(short25_bvalid),
    .s_bready(mem25_bready),
    .m_bready(short25_bready),
    .s_arvalid(mem25_arvalid),
    .m_arvalid(short25_arvalid),
    .s_arready(mem25_arready),
    .m_arready(short25_arready),
    .s_rlast(mem25_rlast),
    .m_rlast(short25_rlast),
    .s_rvalid(mem25_rvalid),
    .m_rvalid(short25_rvalid),
    .s_rready(mem25_rready),
    .m_rready(short25_rready)
  );

  // Port 26 of board memory, channel 26 of HBM.
  wire mem26_awid;
  wire [39:0] mem26_awaddr;
  wire [7:0] mem26_awlen;
  wire [2:0] mem26_awsize;
  wire [1:0] mem26_awburst;
  wire mem26_awvalid;
  wire mem26_awready;
  wire [255:0] mem26_wdata;
  wire [31:0] mem26_wstrb;
  wire mem26_wlast;
  wire mem26_wvalid;
  wire mem26_wready;
  wire mem26_bid;
  wire [1:0] mem26_bresp;
  wire mem26_bvalid;
  wire mem26_bready;
  wire mem26_arid;
  wire [39:0] mem26_araddr;
  wire [7:0] mem26_arlen;
  wire [2:0] mem26_arsize;
  wire [1:0] mem26_arburst;
  wire mem26_arvalid;
  wire mem26_arready;
  wire mem26_rid;
  wire [255:0] mem26_rdata;
  wire [1:0] mem26_rresp;
  wire mem26_rlast;
  wire mem26_rvalid;
  wire mem26_rready;
  wire [27:0] short26_awaddr;
  wire [27:0] short26_araddr;
  wire [3:0] short26_awlen;
  wire [3:0] short26_arlen;
  wire [1:0] short26_bresp;
  wire short26_awvalid, short26_awready, short26_wlast, short26_wvalid, short26_wready, short26_bvalid, short26_bready, short26_arvalid, short26_arready, short26_rlast, short26_rvalid, short26_rready;
  assign mem26_bid = 1'b0;
  assign mem26_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_26 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem26_awaddr[27:0]),
    .m_awaddr(short26_awaddr),
    .s_araddr(mem26_araddr[27:0]),
    .m_araddr(short26_araddr),
    .s_awlen(mem26_awlen),
    .m_awlen(short26_awlen),
    .s_arlen(mem26_arlen),
    .m_arlen(short26_arlen),
    .s_bresp(mem26_bresp),
    .m_bresp(short26_bresp),
    .s_awvalid(mem26_awvalid),
    .m_awvalid(short26_awvalid),
    .s_awready(mem26_awready),
    .m_awready(short26_awready),
    .s_wlast(mem26_wlast),
    .m_wlast(short26_wlast),
    .s_wvalid(mem26_wvalid),
    .m_wvalid(short26_wvalid),
    .s_wready(mem26_wready),
    .m_wready(short26_wready),
    .s_bvalid(mem26_bvalid),
    .m_bvalid(short26_bvalid),
    .s_bready(mem26_bready),
    .m_bready(short26_bready),
    .s_arvalid(mem26_arvalid),
    .m_arvalid(short26_arvalid),
    .s_arready(mem26_arready),
    .m_arready(short26_arready),
    .s_rlast(mem26_rlast),
    .m_rlast(short26_rlast),
    .s_rvalid(mem26_rvalid),
    .m_rvalid(short26_rvalid),
    .s_rready(mem26_rready),
    .m_rready(short26_rready)
  );

  // Port 27 of board memory, channel 27 of HBM.
  wire mem27_awid;
  wire [39:0] mem27_awaddr;
  wire [7:0] mem27_awlen;
  wire [2:0] mem27_awsize;
  wire [1:0] mem27_awburst;
  wire mem27_awvalid;
  wire mem27_awready;
  wire [255:0] mem27_wdata;
  wire [31:0] mem27_wstrb;
  wire mem27_wlast;
  wire mem27_wvalid;
  wire mem27_wready;
  wire mem27_bid;
  wire [1:0] mem27_bresp;
  wire mem27_bvalid;
  wire mem27_bready;
  wire mem27_arid;
  wire [39:0] mem27_araddr;
  wire [7:0] mem27_arlen;
  wire [2:0] mem27_arsize;
  wire [1:0] mem27_arburst;
  wire mem27_arvalid;
  wire mem27_arready;
  wire mem27_rid;
  wire [255:0] mem27_rdata;
  wire [1:0] mem27_rresp;
  wire mem27_rlast;
  wire mem27_rvalid;
  wire mem27_rready;
  wire [27:0] short27_awaddr;
  wire [27:0] short27_araddr;
  wire [3:0] short27_awlen;
  wire [3:0] short27_arlen;
  wire [1:0] short27_bresp;
  wire short27_awvalid, short27_awready, short27_wlast, short27_wvalid, short27_wready, short27_bvalid, short27_bready, short27_arvalid, short27_arready, short27_rlast, short27_rvalid, short27_rready;
  assign mem27_bid = 1'b0;
  assign mem27_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_27 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem27_awaddr[27:0]),
    .m_awaddr(short27_awaddr),
    .s_araddr(mem27_araddr[27:0]),
    .m_araddr(short27_araddr),
    .s_awlen(mem27_awlen),
    .m_awlen(short27_awlen),
    .s_arlen(mem27_arlen),
    .m_arlen(short27_arlen),
    .s_bresp(mem27_bresp),
    .m_bresp(short27_bresp),
    .s_awvalid(mem27_awvalid),
    .m_awvalid(short27_awvalid),
    .s_awready(mem27_awready),
    .m_awready(short27_awready),
    .s_wlast(mem27_wlast),
    .m_wlast(short27_wlast),
    .s_wvalid(mem27_wvalid),
    .m_wvalid(short27_wvalid),
    .s_wready(mem27_wready),
    .m_wready(short27_wready),
    .s_bvalid(mem27_bvalid),
    .m_bvalid(short27_bvalid),
    .s_bready(mem27_bready),
    .m_bready(short27_bready),
    .s_arvalid(mem27_arvalid),
    .m_arvalid(short27_arvalid),
    .s_arready(mem27_arready),
    .m_arready(short27_arready),
    .s_rlast(mem27_rlast),
    .m_rlast(short27_rlast),
    .s_rvalid(mem27_rvalid),
    .m_rvalid(short27_rvalid),
    .s_rready(mem27_rready),
    .m_rready(short27_rready)
  );

  // Port 28 of board memory, channel 28 of HBM.
  wire mem28_awid;
  wire [39:0] mem28_awaddr;
  wire [7:0] mem28_awlen;
  wire [2:0] mem28_awsize;
  wire [1:0] mem28_awburst;
  wire mem28_awvalid;
  wire mem28_awready;
  wire [255:0] mem28_wdata;
  wire [31:0] mem28_wstrb;
  wire mem28_wlast;
  wire mem28_wvalid;
  wire mem28_wready;
  wire mem28_bid;
  wire [1:0] mem28_bresp;
  wire mem28_bvalid;
  wire mem28_bready;
  wire mem28_arid;
  wire [39:0] mem28_araddr;
  wire [7:0] mem28_arlen;
  wire [2:0] mem28_arsize;
  wire [1:0] mem28_arburst;
  wire mem28_arvalid;
  wire mem28_arready;
  wire mem28_rid;
  wire [255:0] mem28_rdata;
  wire [1:0] mem28_rresp;
  wire mem28_rlast;
  wire mem28_rvalid;
  wire mem28_rready;
  wire [27:0] short28_awaddr;
  wire [27:0] short28_araddr;
  wire [3:0] short28_awlen;
  wire [3:0] short28_arlen;
  wire [1:0] short28_bresp;
  wire short28_awvalid, short28_awready, short28_wlast, short28_wvalid, short28_wready, short28_bvalid, short28_bready, short28_arvalid, short28_arready, short28_rlast, short28_rvalid, short28_rready;
  assign mem28_bid = 1'b0;
  assign mem28_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_28 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem28_awaddr[27:0]),
    .m_awaddr(short28_awaddr),
    .s_araddr(mem28_araddr[27:0]),
    .m_araddr(short28_araddr),
    .s_awlen(mem28_awlen),
    .m_awlen(short28_awlen),
    .s_arlen(mem28_arlen),
    .m_arlen(short28_arlen),
    .s_bresp(mem28_bresp),
    .m_bresp(short28_bresp),
    .s_awvalid(mem28_awvalid),
    .m_awvalid(short28_awvalid),
    .s_awready(mem28_awready),
    .m_awready(short28_awready),
    .s_wlast(mem28_wlast),
    .m_wlast(short28_wlast),
    .s_wvalid(mem28_wvalid),
    .m_wvalid(short28_wvalid),
    .s_wready(mem28_wready),
    .m_wready(short28_wready),
    .s_bvalid(mem28_bvalid),
    .m_bvalid(short28_bvalid),
    .s_bready(mem28_bready),
    .m_bready(short28_bready),
    .s_arvalid(mem28_arvalid),
    .m_arvalid(short28_arvalid),
    .s_arready(mem28_arready),
    .m_arready(short28_arready),
    .s_rlast(mem28_rlast),
    .m_rlast(short28_rlast),
    .s_rvalid(mem28_rvalid),
    .m_rvalid(short28_rvalid),
    .s_rready(mem28_rready),
    .m_rready(short28_rready)
  );

  // Port 29 of board memory, channel 29 of HBM.
  wire mem29_awid;
  wire [39:0] mem29_awaddr;
  wire [7:0] mem29_awlen;
  wire [2:0] mem29_awsize;
  wire [1:0] mem29_awburst;
  wire mem29_awvalid;
  wire mem29_awready;
  wire [255:0] mem29_wdata;
  wire [31:0] mem29_wstrb;
  wire mem29_wlast;
  wire mem29_wvalid;
  wire mem29_wready;
  wire mem29_bid;
  wire [1:0] mem29_bresp;
  wire mem29_bvalid;
  wire mem29_bready;
  wire mem29_arid;
  wire [39:0] mem29_araddr;
  wire [7:0] mem29_arlen;
  wire [2:0] mem29_arsize;
  wire [1:0] mem29_arburst;
  wire mem29_arvalid;
  wire mem29_arready;
  wire mem29_rid;
  wire [255:0] mem29_rdata;
  wire [1:0] mem29_rresp;
  wire mem29_rlast;
  wire mem29_rvalid;
  wire mem29_rready;
  wire [27:0] short29_awaddr;
  wire [27:0] short29_araddr;
  wire [3:0] short29_awlen;
  wire [3:0] short29_arlen;
  wire [1:0] short29_bresp;
  wire short29_awvalid, short29_awready, short29_wlast, short29_wvalid, short29_wready, short29_bvalid, short29_bready, short29_arvalid, short29_arready, short29_rlast, short29_rvalid, short29_rready;
  assign mem29_bid = 1'b0;
  assign mem29_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_29 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem29_awaddr[27:0]),
    .m_awaddr(short29_awaddr),
    .s_araddr(mem29_araddr[27:0]),
    .m_araddr(short29_araddr),
    .s_awlen(mem29_awlen),
    .m_awlen(short29_awlen),
    .s_arlen(mem29_arlen),
    .m_arlen(short29_arlen),
    .s_bresp(mem29_bresp),
    .m_bresp(short29_bresp),
    .s_awvalid(mem29_awvalid),
    .m_awvalid(short29_awvalid),
    .s_awready(mem29_awready),
    .m_awready(short29_awready),
    .s_wlast(mem29_wlast),
    .m_wlast(short29_wlast),
    .s_wvalid(mem29_wvalid),
    .m_wvalid(short29_wvalid),
    .s_wready(mem29_wready),
    .m_wready(short29_wready),
    .s_bvalid(mem29_bvalid),
    .m_bvalid(short29_bvalid),
    .s_bready(mem29_bready),
    .m_bready(short29_bready),
    .s_arvalid(mem29_arvalid),
    .m_arvalid(short29_arvalid),
    .s_arready(mem29_arready),
    .m_arready(short29_arready),
    .s_rlast(mem29_rlast),
    .m_rlast(short29_rlast),
    .s_rvalid(mem29_rvalid),
    .m_rvalid(short29_rvalid),
    .s_rready(mem29_rready),
    .m_rready(short29_rready)
  );

  // Port 30 of board memory, channel 30 of HBM.
  wire mem30_awid;
  wire [39:0] mem30_awaddr;
  wire [7:0] mem30_awlen;
  wire [2:0] mem30_awsize;
  wire [1:0] mem30_awburst;
  wire mem30_awvalid;
  wire mem30_awready;
  wire [255:0] mem30_wdata;
  wire [31:0] mem30_wstrb;
  wire mem30_wlast;
  wire mem30_wvalid;
  wire mem30_wready;
  wire mem30_bid;
  wire [1:0] mem30_bresp;
  wire mem30_bvalid;
  wire mem30_bready;
  wire mem30_arid;
  wire [39:0] mem30_araddr;
  wire [7:0] mem30_arlen;
  wire [2:0] mem30_arsize;
  wire [1:0] mem30_arburst;
  wire mem30_arvalid;
  wire mem30_arready;
  wire mem30_rid;
  wire [255:0] mem30_rdata;
  wire [1:0] mem30_rresp;
  wire mem30_rlast;
  wire mem30_rvalid;
  wire mem30_rready;
  wire [27:0] short30_awaddr;
  wire [27:0] short30_araddr;
  wire [3:0] short30_awlen;
  wire [3:0] short30_arlen;
  wire [1:0] short30_bresp;
  wire short30_awvalid, short30_awready, short30_wlast, short30_wvalid, short30_wready, short30_bvalid, short30_bready, short30_arvalid, short30_arready, short30_rlast, short30_rvalid, short30_rready;
  assign mem30_bid = 1'b0;
  assign mem30_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_30 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem30_awaddr[27:0]),
    .m_awaddr(short30_awaddr),
    .s_araddr(mem30_araddr[27:0]),
    .m_araddr(short30_araddr),
    .s_awlen(mem30_awlen),
    .m_awlen(short30_awlen),
    .s_arlen(mem30_arlen),
    .m_arlen(short30_arlen),
    .s_bresp(mem30_bresp),
    .m_bresp(short30_bresp),
    .s_awvalid(mem30_awvalid),
    .m_awvalid(short30_awvalid),
    .s_awready(mem30_awready),
    .m_awready(short30_awready),
    .s_wlast(mem30_wlast),
    .m_wlast(short30_wlast),
    .s_wvalid(mem30_wvalid),
    .m_wvalid(short30_wvalid),
    .s_wready(mem30_wready),
    .m_wready(short30_wready),
    .s_bvalid(mem30_bvalid),
    .m_bvalid(short30_bvalid),
    .s_bready(mem30_bready),
    .m_bready(short30_bready),
    .s_arvalid(mem30_arvalid),
    .m_arvalid(short30_arvalid),
    .s_arready(mem30_arready),
    .m_arready(short30_arready),
    .s_rlast(mem30_rlast),
    .m_rlast(short30_rlast),
    .s_rvalid(mem30_rvalid),
    .m_rvalid(short30_rvalid),
    .s_rready(mem30_rready),
    .m_rready(short30_rready)
  );

  // Port 31 of board memory, channel 31 of HBM.
  wire mem31_awid;
  wire [39:0] mem31_awaddr;
  wire [7:0] mem31_awlen;
  wire [2:0] mem31_awsize;
  wire [1:0] mem31_awburst;
  wire mem31_awvalid;
  wire mem31_awready;
  wire [255:0] mem31_wdata;
  wire [31:0] mem31_wstrb;
  wire mem31_wlast;
  wire mem31_wvalid;
  wire mem31_wready;
  wire mem31_bid;
  wire [1:0] mem31_bresp;
  wire mem31_bvalid;
  wire mem31_bready;
  wire mem31_arid;
  wire [39:0] mem31_araddr;
  wire [7:0] mem31_arlen;
  wire [2:0] mem31_arsize;
  wire [1:0] mem31_arburst;
  wire mem31_arvalid;
  wire mem31_arready;
  wire mem31_rid;
  wire [255:0] mem31_rdata;
  wire [1:0] mem31_rresp;
  wire mem31_rlast;
  wire mem31_rvalid;
  wire mem31_rready;
  wire [27:0] short31_awaddr;
  wire [27:0] short31_araddr;
  wire [3:0] short31_awlen;
  wire [3:0] short31_arlen;
  wire [1:0] short31_bresp;
  wire short31_awvalid, short31_awready, short31_wlast, short31_wvalid, short31_wready, short31_bvalid, short31_bready, short31_arvalid, short31_arready, short31_rlast, short31_rvalid, short31_rready;
  assign mem31_bid = 1'b0;
  assign mem31_rid = 1'b0;
  burst_split #(.ADDR(28), .DATA(256)) u_split_31 (
    .clk(core_clk),
    .rst(core_rst),
    .s_awaddr(mem31_awaddr[27:0]),
    .m_awaddr(short31_awaddr),
    .s_araddr(mem31_araddr[27:0]),
    .m_araddr(short31_araddr),
    .s_awlen(mem31_awlen),
    .m_awlen(short31_awlen),
    .s_arlen(mem31_arlen),
    .m_arlen(short31_arlen),
    .s_bresp(mem31_bresp),
    .m_bresp(short31_bresp),
    .s_awvalid(mem31_awvalid),
    .m_awvalid(short31_awvalid),
    .s_awready(mem31_awready),
    .m_awready(short31_awready),
    .s_wlast(mem31_wlast),
    .m_wlast(short31_wlast),
    .s_wvalid(mem31_wvalid),
    .m_wvalid(short31_wvalid),
    .s_wready(mem31_wready),
    .m_wready(short31_wready),
    .s_bvalid(mem31_bvalid),
    .m_bvalid(short31_bvalid),
    .s_bready(mem31_bready),
    .m_bready(short31_bready),
    .s_arvalid(mem31_arvalid),
    .m_arvalid(short31_arvalid),
    .s_arready(mem31_arready),
    .m_arready(short31_arready),
    .s_rlast(mem31_rlast),
    .m_rlast(short31_rlast),
    .s_rvalid(mem31_rvalid),
    .m_rvalid(short31_rvalid),
    .s_rready(mem31_rready),
    .m_rready(short31_rready)
  );

  hbm_0 u_hbm (
    .HBM_REF_CLK_0(clk_100),
    .APB_0_PCLK(clk_100),
    .APB_0_PRESET_N(hbm_apb_reset_n),
    .apb_complete_0(hbm_ready[0]),
    .DRAM_0_STAT_CATTRIP(cattrip[0]),
    .HBM_REF_CLK_1(clk_100),
    .APB_1_PCLK(clk_100),
    .APB_1_PRESET_N(hbm_apb_reset_n),
    .apb_complete_1(hbm_ready[1]),
    .DRAM_1_STAT_CATTRIP(cattrip[1]),
    .AXI_00_ACLK(core_clk),
    .AXI_00_ARESET_N(hbm_axi_reset_n),
    .AXI_00_ARADDR({5'd0, short0_araddr}),
    .AXI_00_ARBURST(2'b01),
    .AXI_00_ARID(6'd0),
    .AXI_00_ARLEN(short0_arlen),
    .AXI_00_ARSIZE(3'd5),
    .AXI_00_ARVALID(short0_arvalid),
    .AXI_00_ARREADY(short0_arready),
    .AXI_00_AWADDR({5'd0, short0_awaddr}),
    .AXI_00_AWBURST(2'b01),
    .AXI_00_AWID(6'd0),
    .AXI_00_AWLEN(short0_awlen),
    .AXI_00_AWSIZE(3'd5),
    .AXI_00_AWVALID(short0_awvalid),
    .AXI_00_AWREADY(short0_awready),
    .AXI_00_WDATA(mem0_wdata),
    .AXI_00_WDATA_PARITY(32'd0),
    .AXI_00_WSTRB(mem0_wstrb),
    .AXI_00_WLAST(short0_wlast),
    .AXI_00_WVALID(short0_wvalid),
    .AXI_00_WREADY(short0_wready),
    .AXI_00_BID(),
    .AXI_00_BRESP(short0_bresp),
    .AXI_00_BVALID(short0_bvalid),
    .AXI_00_BREADY(short0_bready),
    .AXI_00_RDATA(mem0_rdata),
    .AXI_00_RDATA_PARITY(),
    .AXI_00_RID(),
    .AXI_00_RLAST(short0_rlast),
    .AXI_00_RRESP(mem0_rresp),
    .AXI_00_RVALID(short0_rvalid),
    .AXI_00_RREADY(short0_rready),
    .AXI_01_ACLK(core_clk),
    .AXI_01_ARESET_N(hbm_axi_reset_n),
    .AXI_01_ARADDR({5'd1, short1_araddr}),
    .AXI_01_ARBURST(2'b01),
    .AXI_01_ARID(6'd0),
    .AXI_01_ARLEN(short1_arlen),
    .AXI_01_ARSIZE(3'd5),
    .AXI_01_ARVALID(short1_arvalid),
    .AXI_01_ARREADY(short1_arready),
    .AXI_01_AWADDR({5'd1, short1_awaddr}),
    .AXI_01_AWBURST(2'b01),
    .AXI_01_AWID(6'd0),
    .AXI_01_AWLEN(short1_awlen),
    .AXI_01_AWSIZE(3'd5),
    .AXI_01_AWVALID(short1_awvalid),
    .AXI_01_AWREADY(short1_awready),
    .AXI_01_WDATA(mem1_wdata),
    .AXI_01_WDATA_PARITY(32'd0),
    .AXI_01_WSTRB(mem1_wstrb),
    .AXI_01_WLAST(short1_wlast),
    .AXI_01_WVALID(short1_wvalid),
    .AXI_01_WREADY(short1_wready),
    .AXI_01_BID(),
    .AXI_01_BRESP(short1_bresp),
    .AXI_01_BVALID(short1_bvalid),
    .AXI_01_BREADY(short1_bready),
    .AXI_01_RDATA(mem1_rdata),
    .AXI_01_RDATA_PARITY(),
    .AXI_01_RID(),
    .AXI_01_RLAST(short1_rlast),
    .AXI_01_RRESP(mem1_rresp),
    .AXI_01_RVALID(short1_rvalid),
    .AXI_01_RREADY(short1_rready),
    .AXI_02_ACLK(core_clk),
    .AXI_02_ARESET_N(hbm_axi_reset_n),
    .AXI_02_ARADDR({5'd2, short2_araddr}),
    .AXI_02_ARBURST(2'b01),
    .AXI_02_ARID(6'd0),
    .AXI_02_ARLEN(short2_arlen),
    .AXI_02_ARSIZE(3'd5),
    .AXI_02_ARVALID(short2_arvalid),
    .AXI_02_ARREADY(short2_arready),
    .AXI_02_AWADDR({5'd2, short2_awaddr}),
    .AXI_02_AWBURST(2'b01),
    .AXI_02_AWID(6'd0),
    .AXI_02_AWLEN(short2_awlen),
    .AXI_02_AWSIZE(3'd5),
    .AXI_02_AWVALID(short2_awvalid),
    .AXI_02_AWREADY(short2_awready),
    .AXI_02_WDATA(mem2_wdata),
    .AXI_02_WDATA_PARITY(32'd0),
    .AXI_02_WSTRB(mem2_wstrb),
    .AXI_02_WLAST(short2_wlast),
    .AXI_02_WVALID(short2_wvalid),
    .AXI_02_WREADY(short2_wready),
    .AXI_02_BID(),
    .AXI_02_BRESP(short2_bresp),
    .AXI_02_BVALID(short2_bvalid),
    .AXI_02_BREADY(short2_bready),
    .AXI_02_RDATA(mem2_rdata),
    .AXI_02_RDATA_PARITY(),
    .AXI_02_RID(),
    .AXI_02_RLAST(short2_rlast),
    .AXI_02_RRESP(mem2_rresp),
    .AXI_02_RVALID(short2_rvalid),
    .AXI_02_RREADY(short2_rready),
    .AXI_03_ACLK(core_clk),
    .AXI_03_ARESET_N(hbm_axi_reset_n),
    .AXI_03_ARADDR({5'd3, short3_araddr}),
    .AXI_03_ARBURST(2'b01),
    .AXI_03_ARID(6'd0),
    .AXI_03_ARLEN(short3_arlen),
    .AXI_03_ARSIZE(3'd5),
    .AXI_03_ARVALID(short3_arvalid),
    .AXI_03_ARREADY(short3_arready),
    .AXI_03_AWADDR({5'd3, short3_awaddr}),
    .AXI_03_AWBURST(2'b01),
    .AXI_03_AWID(6'd0),
    .AXI_03_AWLEN(short3_awlen),
    .AXI_03_AWSIZE(3'd5),
    .AXI_03_AWVALID(short3_awvalid),
    .AXI_03_AWREADY(short3_awready),
    .AXI_03_WDATA(mem3_wdata),
    .AXI_03_WDATA_PARITY(32'd0),
    .AXI_03_WSTRB(mem3_wstrb),
    .AXI_03_WLAST(short3_wlast),
    .AXI_03_WVALID(short3_wvalid),
    .AXI_03_WREADY(short3_wready),
    .AXI_03_BID(),
    .AXI_03_BRESP(short3_bresp),
    .AXI_03_BVALID(short3_bvalid),
    .AXI_03_BREADY(short3_bready),
    .AXI_03_RDATA(mem3_rdata),
    .AXI_03_RDATA_PARITY(),
    .AXI_03_RID(),
    .AXI_03_RLAST(short3_rlast),
    .AXI_03_RRESP(mem3_rresp),
    .AXI_03_RVALID(short3_rvalid),
    .AXI_03_RREADY(short3_rready),
    .AXI_04_ACLK(core_clk),
    .AXI_04_ARESET_N(hbm_axi_reset_n),
    .AXI_04_ARADDR({5'd4, short4_araddr}),
    .AXI_04_ARBURST(2'b01),
    .AXI_04_ARID(6'd0),
    .AXI_04_ARLEN(short4_arlen),
    .AXI_04_ARSIZE(3'd5),
    .AXI_04_ARVALID(short4_arvalid),
    .AXI_04_ARREADY(short4_arready),
    .AXI_04_AWADDR({5'd4, short4_awaddr}),
    .AXI_04_AWBURST(2'b01),
    .AXI_04_AWID(6'd0),
    .AXI_04_AWLEN(short4_awlen),
    .AXI_04_AWSIZE(3'd5),
    .AXI_04_AWVALID(short4_awvalid),
    .AXI_04_AWREADY(short4_awready),
    .AXI_04_WDATA(mem4_wdata),
    .AXI_04_WDATA_PARITY(32'd0),
    .AXI_04_WSTRB(mem4_wstrb),
    .AXI_04_WLAST(short4_wlast),
    .AXI_04_WVALID(short4_wvalid),
    .AXI_04_WREADY(short4_wready),
    .AXI_04_BID(),
    .AXI_04_BRESP(short4_bresp),
    .AXI_04_BVALID(short4_bvalid),
    .AXI_04_BREADY(short4_bready),
    .AXI_04_RDATA(mem4_rdata),
    .AXI_04_RDATA_PARITY(),
    .AXI_04_RID(),
    .AXI_04_RLAST(short4_rlast),
    .AXI_04_RRESP(mem4_rresp),
    .AXI_04_RVALID(short4_rvalid),
    .AXI_04_RREADY(short4_rready),
    .AXI_05_ACLK(core_clk),
    .AXI_05_ARESET_N(hbm_axi_reset_n),
    .AXI_05_ARADDR({5'd5, short5_araddr}),
    .AXI_05_ARBURST(2'b01),
    .AXI_05_ARID(6'd0),
    .AXI_05_ARLEN(short5_arlen),
    .AXI_05_ARSIZE(3'd5),
    .AXI_05_ARVALID(short5_arvalid),
    .AXI_05_ARREADY(short5_arready),
    .AXI_05_AWADDR({5'd5, short5_awaddr}),
    .AXI_05_AWBURST(2'b01),
    .AXI_05_AWID(6'd0),
    .AXI_05_AWLEN(short5_awlen),
    .AXI_05_AWSIZE(3'd5),
    .AXI_05_AWVALID(short5_awvalid),
    .AXI_05_AWREADY(short5_awready),
    .AXI_05_WDATA(mem5_wdata),
    .AXI_05_WDATA_PARITY(32'd0),
    .AXI_05_WSTRB(mem5_wstrb),
    .AXI_05_WLAST(short5_wlast),
    .AXI_05_WVALID(short5_wvalid),
    .AXI_05_WREADY(short5_wready),
    .AXI_05_BID(),
    .AXI_05_BRESP(short5_bresp),
    .AXI_05_BVALID(short5_bvalid),
    .AXI_05_BREADY(short5_bready),
    .AXI_05_RDATA(mem5_rdata),
    .AXI_05_RDATA_PARITY(),
    .AXI_05_RID(),
    .AXI_05_RLAST(short5_rlast),
    .AXI_05_RRESP(mem5_rresp),
    .AXI_05_RVALID(short5_rvalid),
    .AXI_05_RREADY(short5_rready),
    .AXI_06_ACLK(core_clk),
    .AXI_06_ARESET_N(hbm_axi_reset_n),
    .AXI_06_ARADDR({5'd6, short6_araddr}),
    .AXI_06_ARBURST(2'b01),
    .AXI_06_ARID(6'd0),
    .AXI_06_ARLEN(short6_arlen),
    .AXI_06_ARSIZE(3'd5),
    .AXI_06_ARVALID(short6_arvalid),
    .AXI_06_ARREADY(short6_arready),
    .AXI_06_AWADDR({5'd6, short6_awaddr}),
    .AXI_06_AWBURST(2'b01),
    .AXI_06_AWID(6'd0),
    .AXI_06_AWLEN(short6_awlen),
    .AXI_06_AWSIZE(3'd5),
    .AXI_06_AWVALID(short6_awvalid),
    .AXI_06_AWREADY(short6_awready),
    .AXI_06_WDATA(mem6_wdata),
    .AXI_06_WDATA_PARITY(32'd0),
    .AXI_06_WSTRB(mem6_wstrb),
    .AXI_06_WLAST(short6_wlast),
    .AXI_06_WVALID(short6_wvalid),
    .AXI_06_WREADY(short6_wready),
    .AXI_06_BID(),
    .AXI_06_BRESP(short6_bresp),
    .AXI_06_BVALID(short6_bvalid),
    .AXI_06_BREADY(short6_bready),
    .AXI_06_RDATA(mem6_rdata),
    .AXI_06_RDATA_PARITY(),
    .AXI_06_RID(),
    .AXI_06_RLAST(short6_rlast),
    .AXI_06_RRESP(mem6_rresp),
    .AXI_06_RVALID(short6_rvalid),
    .AXI_06_RREADY(short6_rready),
    .AXI_07_ACLK(core_clk),
    .AXI_07_ARESET_N(hbm_axi_reset_n),
    .AXI_07_ARADDR({5'd7, short7_araddr}),
    .AXI_07_ARBURST(2'b01),
    .AXI_07_ARID(6'd0),
    .AXI_07_ARLEN(short7_arlen),
    .AXI_07_ARSIZE(3'd5),
    .AXI_07_ARVALID(short7_arvalid),
    .AXI_07_ARREADY(short7_arready),
    .AXI_07_AWADDR({5'd7, short7_awaddr}),
    .AXI_07_AWBURST(2'b01),
    .AXI_07_AWID(6'd0),
    .AXI_07_AWLEN(short7_awlen),
    .AXI_07_AWSIZE(3'd5),
    .AXI_07_AWVALID(short7_awvalid),
    .AXI_07_AWREADY(short7_awready),
    .AXI_07_WDATA(mem7_wdata),
    .AXI_07_WDATA_PARITY(32'd0),
    .AXI_07_WSTRB(mem7_wstrb),
    .AXI_07_WLAST(short7_wlast),
    .AXI_07_WVALID(short7_wvalid),
    .AXI_07_WREADY(short7_wready),
    .AXI_07_BID(),
    .AXI_07_BRESP(short7_bresp),
    .AXI_07_BVALID(short7_bvalid),
    .AXI_07_BREADY(short7_bready),
    .AXI_07_RDATA(mem7_rdata),
    .AXI_07_RDATA_PARITY(),
    .AXI_07_RID(),
    .AXI_07_RLAST(short7_rlast),
    .AXI_07_RRESP(mem7_rresp),
    .AXI_07_RVALID(short7_rvalid),
    .AXI_07_RREADY(short7_rready),
    .AXI_08_ACLK(core_clk),
    .AXI_08_ARESET_N(hbm_axi_reset_n),
    .AXI_08_ARADDR({5'd8, short8_araddr}),
    .AXI_08_ARBURST(2'b01),
    .AXI_08_ARID(6'd0),
    .AXI_08_ARLEN(short8_arlen),
    .AXI_08_ARSIZE(3'd5),
    .AXI_08_ARVALID(short8_arvalid),
    .AXI_08_ARREADY(short8_arready),
    .AXI_08_AWADDR({5'd8, short8_awaddr}),
    .AXI_08_AWBURST(2'b01),
    .AXI_08_AWID(6'd0),
    .AXI_08_AWLEN(short8_awlen),
    .AXI_08_AWSIZE(3'd5),
    .AXI_08_AWVALID(short8_awvalid),
    .AXI_08_AWREADY(short8_awready),
    .AXI_08_WDATA(mem8_wdata),
    .AXI_08_WDATA_PARITY(32'd0),
    .AXI_08_WSTRB(mem8_wstrb),
    .AXI_08_WLAST(short8_wlast),
    .AXI_08_WVALID(short8_wvalid),
    .AXI_08_WREADY(short8_wready),
    .AXI_08_BID(),
    .AXI_08_BRESP(short8_bresp),
    .AXI_08_BVALID(short8_bvalid),
    .AXI_08_BREADY(short8_bready),
    .AXI_08_RDATA(mem8_rdata),
    .AXI_08_RDATA_PARITY(),
    .AXI_08_RID(),
    .AXI_08_RLAST(short8_rlast),
    .AXI_08_RRESP(mem8_rresp),
    .AXI_08_RVALID(short8_rvalid),
    .AXI_08_RREADY(short8_rready),
    .AXI_09_ACLK(core_clk),
    .AXI_09_ARESET_N(hbm_axi_reset_n),
    .AXI_09_ARADDR({5'd9, short9_araddr}),
    .AXI_09_ARBURST(2'b01),
    .AXI_09_ARID(6'd0),
    .AXI_09_ARLEN(short9_arlen),
    .AXI_09_ARSIZE(3'd5),
    .AXI_09_ARVALID(short9_arvalid),
    .AXI_09_ARREADY(short9_arready),
    .AXI_09_AWADDR({5'd9, short9_awaddr}),
    .AXI_09_AWBURST(2'b01),
    .AXI_09_AWID(6'd0),
    .AXI_09_AWLEN(short9_awlen),
    .AXI_09_AWSIZE(3'd5),
    .AXI_09_AWVALID(short9_awvalid),
    .AXI_09_AWREADY(short9_awready),
    .AXI_09_WDATA(mem9_wdata),
    .AXI_09_WDATA_PARITY(32'd0),
    .AXI_09_WSTRB(mem9_wstrb),
    .AXI_09_WLAST(short9_wlast),
    .AXI_09_WVALID(short9_wvalid),
    .AXI_09_WREADY(short9_wready),
    .AXI_09_BID(),
    .AXI_09_BRESP(short9_bresp),
    .AXI_09_BVALID(short9_bvalid),
    .AXI_09_BREADY(short9_bready),
    .AXI_09_RDATA(mem9_rdata),
    .AXI_09_RDATA_PARITY(),
    .AXI_09_RID(),
    .AXI_09_RLAST(short9_rlast),
    .AXI_09_RRESP(mem9_rresp),
    .AXI_09_RVALID(short9_rvalid),
    .AXI_09_RREADY(short9_rready),
    .AXI_10_ACLK(core_clk),
    .AXI_10_ARESET_N(hbm_axi_reset_n),
    .AXI_10_ARADDR({5'd10, short10_araddr}),
    .AXI_10_ARBURST(2'b01),
    .AXI_10_ARID(6'd0),
    .AXI_10_ARLEN(short10_arlen),
    .AXI_10_ARSIZE(3'd5),
    .AXI_10_ARVALID(short10_arvalid),
    .AXI_10_ARREADY(short10_arready),
    .AXI_10_AWADDR({5'd10, short10_awaddr}),
    .AXI_10_AWBURST(2'b01),
    .AXI_10_AWID(6'd0),
    .AXI_10_AWLEN(short10_awlen),
    .AXI_10_AWSIZE(3'd5),
    .AXI_10_AWVALID(short10_awvalid),
    .AXI_10_AWREADY(short10_awready),
    .AXI_10_WDATA(mem10_wdata),
    .AXI_10_WDATA_PARITY(32'd0),
    .AXI_10_WSTRB(mem10_wstrb),
    .AXI_10_WLAST(short10_wlast),
    .AXI_10_WVALID(short10_wvalid),
    .AXI_10_WREADY(short10_wready),
    .AXI_10_BID(),
    .AXI_10_BRESP(short10_bresp),
    .AXI_10_BVALID(short10_bvalid),
    .AXI_10_BREADY(short10_bready),
    .AXI_10_RDATA(mem10_rdata),
    .AXI_10_RDATA_PARITY(),
    .AXI_10_RID(),
    .AXI_10_RLAST(short10_rlast),
    .AXI_10_RRESP(mem10_rresp),
    .AXI_10_RVALID(short10_rvalid),
    .AXI_10_RREADY(short10_rready),
    .AXI_11_ACLK(core_clk),
    .AXI_11_ARESET_N(hbm_axi_reset_n),
    .AXI_11_ARADDR({5'd11, short11_araddr}),
    .AXI_11_ARBURST(2'b01),
    .AXI_11_ARID(6'd0),
    .AXI_11_ARLEN(short11_arlen),
    .AXI_11_ARSIZE(3'd5),
    .AXI_11_ARVALID(short11_arvalid),
    .AXI_11_ARREADY(short11_arready),
    .AXI_11_AWADDR({5'd11, short11_awaddr}),
    .AXI_11_AWBURST(2'b01),
    .AXI_11_AWID(6'd0),
    .AXI_11_AWLEN(short11_awlen),
    .AXI_11_AWSIZE(3'd5),
    .AXI_11_AWVALID(short11_awvalid),
    .AXI_11_AWREADY(short11_awready),
    .AXI_11_WDATA(mem11_wdata),
    .AXI_11_WDATA_PARITY(32'd0),
    .AXI_11_WSTRB(mem11_wstrb),
    .AXI_11_WLAST(short11_wlast),
    .AXI_11_WVALID(short11_wvalid),
    .AXI_11_WREADY(short11_wready),
    .AXI_11_BID(),
    .AXI_11_BRESP(short11_bresp),
    .AXI_11_BVALID(short11_bvalid),
    .AXI_11_BREADY(short11_bready),
    .AXI_11_RDATA(mem11_rdata),
    .AXI_11_RDATA_PARITY(),
    .AXI_11_RID(),
    .AXI_11_RLAST(short11_rlast),
    .AXI_11_RRESP(mem11_rresp),
    .AXI_11_RVALID(short11_rvalid),
    .AXI_11_RREADY(short11_rready),
    .AXI_12_ACLK(core_clk),
    .AXI_12_ARESET_N(hbm_axi_reset_n),
    .AXI_12_ARADDR({5'd12, short12_araddr}),
    .AXI_12_ARBURST(2'b01),
    .AXI_12_ARID(6'd0),
    .AXI_12_ARLEN(short12_arlen),
    .AXI_12_ARSIZE(3'd5),
    .AXI_12_ARVALID(short12_arvalid),
    .AXI_12_ARREADY(short12_arready),
    .AXI_12_AWADDR({5'd12, short12_awaddr}),
    .AXI_12_AWBURST(2'b01),
    .AXI_12_AWID(6'd0),
    .AXI_12_AWLEN(short12_awlen),
    .AXI_12_AWSIZE(3'd5),
    .AXI_12_AWVALID(short12_awvalid),
    .AXI_12_AWREADY(short12_awready),
    .AXI_12_WDATA(mem12_wdata),
    .AXI_12_WDATA_PARITY(32'd0),
    .AXI_12_WSTRB(mem12_wstrb),
    .AXI_12_WLAST(short12_wlast),
    .AXI_12_WVALID(short12_wvalid),
    .AXI_12_WREADY(short12_wready),
    .AXI_12_BID(),
    .AXI_12_BRESP(short12_bresp),
    .AXI_12_BVALID(short12_bvalid),
    .AXI_12_BREADY(short12_bready),
    .AXI_12_RDATA(mem12_rdata),
    .AXI_12_RDATA_PARITY(),
    .AXI_12_RID(),
    .AXI_12_RLAST(short12_rlast),
    .AXI_12_RRESP(mem12_rresp),
    .AXI_12_RVALID(short12_rvalid),
    .AXI_12_RREADY(short12_rready),
    .AXI_13_ACLK(core_clk),
    .AXI_13_ARESET_N(hbm_axi_reset_n),
    .AXI_13_ARADDR({5'd13, short13_araddr}),
    .AXI_13_ARBURST(2'b01),
    .AXI_13_ARID(6'd0),
    .AXI_13_ARLEN(short13_arlen),
    .AXI_13_ARSIZE(3'd5),
    .AXI_13_ARVALID(short13_arvalid),
    .AXI_13_ARREADY(short13_arready),
    .AXI_13_AWADDR({5'd13, short13_awaddr}),
    .AXI_13_AWBURST(2'b01),
    .AXI_13_AWID(6'd0),
    .AXI_13_AWLEN(short13_awlen),
    .AXI_13_AWSIZE(3'd5),
    .AXI_13_AWVALID(short13_awvalid),
    .AXI_13_AWREADY(short13_awready),
    .AXI_13_WDATA(mem13_wdata),
    .AXI_13_WDATA_PARITY(32'd0),
    .AXI_13_WSTRB(mem13_wstrb),
    .AXI_13_WLAST(short13_wlast),
    .AXI_13_WVALID(short13_wvalid),
    .AXI_13_WREADY(short13_wready),
    .AXI_13_BID(),
    .AXI_13_BRESP(short13_bresp),
    .AXI_13_BVALID(short13_bvalid),
    .AXI_13_BREADY(short13_bready),
    .AXI_13_RDATA(mem13_rdata),
    .AXI_13_RDATA_PARITY(),
    .AXI_13_RID(),
    .AXI_13_RLAST(short13_rlast),
    .AXI_13_RRESP(mem13_rresp),
    .AXI_13_RVALID(short13_rvalid),
    .AXI_13_RREADY(short13_rready),
    .AXI_14_ACLK(core_clk),
    .AXI_14_ARESET_N(hbm_axi_reset_n),
    .AXI_14_ARADDR({5'd14, short14_araddr}),
    .AXI_14_ARBURST(2'b01),
    .AXI_14_ARID(6'd0),
    .AXI_14_ARLEN(short14_arlen),
    .AXI_14_ARSIZE(3'd5),
    .AXI_14_ARVALID(short14_arvalid),
    .AXI_14_ARREADY(short14_arready),
    .AXI_14_AWADDR({5'd14, short14_awaddr}),
    .AXI_14_AWBURST(2'b01),
    .AXI_14_AWID(6'd0),
    .AXI_14_AWLEN(short14_awlen),
    .AXI_14_AWSIZE(3'd5),
    .AXI_14_AWVALID(short14_awvalid),
    .AXI_14_AWREADY(short14_awready),
    .AXI_14_WDATA(mem14_wdata),
    .AXI_14_WDATA_PARITY(32'd0),
    .AXI_14_WSTRB(mem14_wstrb),
    .AXI_14_WLAST(short14_wlast),
    .AXI_14_WVALID(short14_wvalid),
    .AXI_14_WREADY(short14_wready),
    .AXI_14_BID(),
    .AXI_14_BRESP(short14_bresp),
    .AXI_14_BVALID(short14_bvalid),
    .AXI_14_BREADY(short14_bready),
    .AXI_14_RDATA(mem14_rdata),
    .AXI_14_RDATA_PARITY(),
    .AXI_14_RID(),
    .AXI_14_RLAST(short14_rlast),
    .AXI_14_RRESP(mem14_rresp),
    .AXI_14_RVALID(short14_rvalid),
    .AXI_14_RREADY(short14_rready),
    .AXI_15_ACLK(core_clk),
    .AXI_15_ARESET_N(hbm_axi_reset_n),
    .AXI_15_ARADDR({5'd15, short15_araddr}),
    .AXI_15_ARBURST(2'b01),
    .AXI_15_ARID(6'd0),
    .AXI_15_ARLEN(short15_arlen),
    .AXI_15_ARSIZE(3'd5),
    .AXI_15_ARVALID(short15_arvalid),
    .AXI_15_ARREADY(short15_arready),
    .AXI_15_AWADDR({5'd15, short15_awaddr}),
    .AXI_15_AWBURST(2'b01),
    .AXI_15_AWID(6'd0),
    .AXI_15_AWLEN(short15_awlen),
    .AXI_15_AWSIZE(3'd5),
    .AXI_15_AWVALID(short15_awvalid),
    .AXI_15_AWREADY(short15_awready),
    .AXI_15_WDATA(mem15_wdata),
    .AXI_15_WDATA_PARITY(32'd0),
    .AXI_15_WSTRB(mem15_wstrb),
    .AXI_15_WLAST(short15_wlast),
    .AXI_15_WVALID(short15_wvalid),
    .AXI_15_WREADY(short15_wready),
    .AXI_15_BID(),
    .AXI_15_BRESP(short15_bresp),
    .AXI_15_BVALID(short15_bvalid),
    .AXI_15_BREADY(short15_bready),
    .AXI_15_RDATA(mem15_rdata),
    .AXI_15_RDATA_PARITY(),
    .AXI_15_RID(),
    .AXI_15_RLAST(short15_rlast),
    .AXI_15_RRESP(mem15_rresp),
    .AXI_15_RVALID(short15_rvalid),
    .AXI_15_RREADY(short15_rready),
    .AXI_16_ACLK(core_clk),
    .AXI_16_ARESET_N(hbm_axi_reset_n),
    .AXI_16_ARADDR({5'd16, short16_araddr}),
    .AXI_16_ARBURST(2'b01),
    .AXI_16_ARID(6'd0),
    .AXI_16_ARLEN(short16_arlen),
    .AXI_16_ARSIZE(3'd5),
    .AXI_16_ARVALID(short16_arvalid),
    .AXI_16_ARREADY(short16_arready),
    .AXI_16_AWADDR({5'd16, short16_awaddr}),
    .AXI_16_AWBURST(2'b01),
    .AXI_16_AWID(6'd0),
    .AXI_16_AWLEN(short16_awlen),
    .AXI_16_AWSIZE(3'd5),
    .AXI_16_AWVALID(short16_awvalid),
    .AXI_16_AWREADY(short16_awready),
    .AXI_16_WDATA(mem16_wdata),
    .AXI_16_WDATA_PARITY(32'd0),
    .AXI_16_WSTRB(mem16_wstrb),
    .AXI_16_WLAST(short16_wlast),
    .AXI_16_WVALID(short16_wvalid),
    .AXI_16_WREADY(short16_wready),
    .AXI_16_BID(),
    .AXI_16_BRESP(short16_bresp),
    .AXI_16_BVALID(short16_bvalid),
    .AXI_16_BREADY(short16_bready),
    .AXI_16_RDATA(mem16_rdata),
    .AXI_16_RDATA_PARITY(),
    .AXI_16_RID(),
    .AXI_16_RLAST(short16_rlast),
    .AXI_16_RRESP(mem16_rresp),
    .AXI_16_RVALID(short16_rvalid),
    .AXI_16_RREADY(short16_rready),
    .AXI_17_ACLK(core_clk),
    .AXI_17_ARESET_N(hbm_axi_reset_n),
    .AXI_17_ARADDR({5'd17, short17_araddr}),
    .AXI_17_ARBURST(2'b01),
    .AXI_17_ARID(6'd0),
    .AXI_17_ARLEN(short17_arlen),
    .AXI_17_ARSIZE(3'd5),
    .AXI_17_ARVALID(short17_arvalid),
    .AXI_17_ARREADY(short17_arready),
    .AXI_17_AWADDR({5'd17, short17_awaddr}),
    .AXI_17_AWBURST(2'b01),
    .AXI_17_AWID(6'd0),
    .AXI_17_AWLEN(short17_awlen),
    .AXI_17_AWSIZE(3'd5),
    .AXI_17_AWVALID(short17_awvalid),
    .AXI_17_AWREADY(short17_awready),
    .AXI_17_WDATA(mem17_wdata),
    .AXI_17_WDATA_PARITY(32'd0),
    .AXI_17_WSTRB(mem17_wstrb),
    .AXI_17_WLAST(short17_wlast),
    .AXI_17_WVALID(short17_wvalid),
    .AXI_17_WREADY(short17_wready),
    .AXI_17_BID(),
    .AXI_17_BRESP(short17_bresp),
    .AXI_17_BVALID(short17_bvalid),
    .AXI_17_BREADY(short17_bready),
    .AXI_17_RDATA(mem17_rdata),
    .AXI_17_RDATA_PARITY(),
    .AXI_17_RID(),
    .AXI_17_RLAST(short17_rlast),
    .AXI_17_RRESP(mem17_rresp),
    .AXI_17_RVALID(short17_rvalid),
    .AXI_17_RREADY(short17_rready),
    .AXI_18_ACLK(core_clk),
    .AXI_18_ARESET_N(hbm_axi_reset_n),
    .AXI_18_ARADDR({5'd18, short18_araddr}),
    .AXI_18_ARBURST(2'b01),
    .AXI_18_ARID(6'd0),
    .AXI_18_ARLEN(short18_arlen),
    .AXI_18_ARSIZE(3'd5),
    .AXI_18_ARVALID(short18_arvalid),
    .AXI_18_ARREADY(short18_arready),
    .AXI_18_AWADDR({5'd18, short18_awaddr}),
    .AXI_18_AWBURST(2'b01),
    .AXI_18_AWID(6'd0),
    .AXI_18_AWLEN(short18_awlen),
    .AXI_18_AWSIZE(3'd5),
    .AXI_18_AWVALID(short18_awvalid),
    .AXI_18_AWREADY(short18_awready),
    .AXI_18_WDATA(mem18_wdata),
    .AXI_18_WDATA_PARITY(32'd0),
    .AXI_18_WSTRB(mem18_wstrb),
    .AXI_18_WLAST(short18_wlast),
    .AXI_18_WVALID(short18_wvalid),
    .AXI_18_WREADY(short18_wready),
    .AXI_18_BID(),
    .AXI_18_BRESP(short18_bresp),
    .AXI_18_BVALID(short18_bvalid),
    .AXI_18_BREADY(short18_bready),
    .AXI_18_RDATA(mem18_rdata),
    .AXI_18_RDATA_PARITY(),
    .AXI_18_RID(),
    .AXI_18_RLAST(short18_rlast),
    .AXI_18_RRESP(mem18_rresp),
    .AXI_18_RVALID(short18_rvalid),
    .AXI_18_RREADY(short18_rready),
    .AXI_19_ACLK(core_clk),
    .AXI_19_ARESET_N(hbm_axi_reset_n),
    .AXI_19_ARADDR({5'd19, short19_araddr}),
    .AXI_19_ARBURST(2'b01),
    .AXI_19_ARID(6'd0),
    .AXI_19_ARLEN(short19_arlen),
    .AXI_19_ARSIZE(3'd5),
    .AXI_19_ARVALID(short19_arvalid),
    .AXI_19_ARREADY(short19_arready),
    .AXI_19_AWADDR({5'd19, short19_awaddr}),
    .AXI_19_AWBURST(2'b01),
    .AXI_19_AWID(6'd0),
    .AXI_19_AWLEN(short19_awlen),
    .AXI_19_AWSIZE(3'd5),
    .AXI_19_AWVALID(short19_awvalid),
    .AXI_19_AWREADY(short19_awready),
    .AXI_19_WDATA(mem19_wdata),
    .AXI_19_WDATA_PARITY(32'd0),
    .AXI_19_WSTRB(mem19_wstrb),
    .AXI_19_WLAST(short19_wlast),
    .AXI_19_WVALID(short19_wvalid),
    .AXI_19_WREADY(short19_wready),
    .AXI_19_BID(),
    .AXI_19_BRESP(short19_bresp),
    .AXI_19_BVALID(short19_bvalid),
    .AXI_19_BREADY(short19_bready),
    .AXI_19_RDATA(mem19_rdata),
    .AXI_19_RDATA_PARITY(),
    .AXI_19_RID(),
    .AXI_19_RLAST(short19_rlast),
    .AXI_19_RRESP(mem19_rresp),
    .AXI_19_RVALID(short19_rvalid),
    .AXI_19_RREADY(short19_rready),
    .AXI_20_ACLK(core_clk),
    .AXI_20_ARESET_N(hbm_axi_reset_n),
    .AXI_20_ARADDR({5'd20, short20_araddr}),
    .AXI_20_ARBURST(2'b01),
    .AXI_20_ARID(6'd0),
    .AXI_20_ARLEN(short20_arlen),
    .AXI_20_ARSIZE(3'd5),
    .AXI_20_ARVALID(short20_arvalid),
    .AXI_20_ARREADY(short20_arready),
    .AXI_20_AWADDR({5'd20, short20_awaddr}),
    .AXI_20_AWBURST(2'b01),
    .AXI_20_AWID(6'd0),
    .AXI_20_AWLEN(short20_awlen),
    .AXI_20_AWSIZE(3'd5),
    .AXI_20_AWVALID(short20_awvalid),
    .AXI_20_AWREADY(short20_awready),
    .AXI_20_WDATA(mem20_wdata),
    .AXI_20_WDATA_PARITY(32'd0),
    .AXI_20_WSTRB(mem20_wstrb),
    .AXI_20_WLAST(short20_wlast),
    .AXI_20_WVALID(short20_wvalid),
    .AXI_20_WREADY(short20_wready),
    .AXI_20_BID(),
    .AXI_20_BRESP(short20_bresp),
    .AXI_20_BVALID(short20_bvalid),
    .AXI_20_BREADY(short20_bready),
    .AXI_20_RDATA(mem20_rdata),
    .AXI_20_RDATA_PARITY(),
    .AXI_20_RID(),
    .AXI_20_RLAST(short20_rlast),
    .AXI_20_RRESP(mem20_rresp),
    .AXI_20_RVALID(short20_rvalid),
    .AXI_20_RREADY(short20_rready),
    .AXI_21_ACLK(core_clk),
    .AXI_21_ARESET_N(hbm_axi_reset_n),
    .AXI_21_ARADDR({5'd21, short21_araddr}),
    .AXI_21_ARBURST(2'b01),
    .AXI_21_ARID(6'd0),
    .AXI_21_ARLEN(short21_arlen),
    .AXI_21_ARSIZE(3'd5),
    .AXI_21_ARVALID(short21_arvalid),
    .AXI_21_ARREADY(short21_arready),
    .AXI_21_AWADDR({5'd21, short21_awaddr}),
    .AXI_21_AWBURST(2'b01),
    .AXI_21_AWID(6'd0),
    .AXI_21_AWLEN(short21_awlen),
    .AXI_21_AWSIZE(3'd5),
    .AXI_21_AWVALID(short21_awvalid),
    .AXI_21_AWREADY(short21_awready),
    .AXI_21_WDATA(mem21_wdata),
    .AXI_21_WDATA_PARITY(32'd0),
    .AXI_21_WSTRB(mem21_wstrb),
    .AXI_21_WLAST(short21_wlast),
    .AXI_21_WVALID(short21_wvalid),
    .AXI_21_WREADY(short21_wready),
    .AXI_21_BID(),
    .AXI_21_BRESP(short21_bresp),
    .AXI_21_BVALID(short21_bvalid),
    .AXI_21_BREADY(short21_bready),
    .AXI_21_RDATA(mem21_rdata),
    .AXI_21_RDATA_PARITY(),
    .AXI_21_RID(),
    .AXI_21_RLAST(short21_rlast),
    .AXI_21_RRESP(mem21_rresp),
    .AXI_21_RVALID(short21_rvalid),
    .AXI_21_RREADY(short21_rready),
    .AXI_22_ACLK(core_clk),
    .AXI_22_ARESET_N(hbm_axi_reset_n),
    .AXI_22_ARADDR({5'd22, short22_araddr}),
    .AXI_22_ARBURST(2'b01),
    .AXI_22_ARID(6'd0),
    .AXI_22_ARLEN(short22_arlen),
    .AXI_22_ARSIZE(3'd5),
    .AXI_22_ARVALID(short22_arvalid),
    .AXI_22_ARREADY(short22_arready),
    .AXI_22_AWADDR({5'd22, short22_awaddr}),
    .AXI_22_AWBURST(2'b01),
    .AXI_22_AWID(6'd0),
    .AXI_22_AWLEN(short22_awlen),
    .AXI_22_AWSIZE(3'd5),
    .AXI_22_AWVALID(short22_awvalid),
    .AXI_22_AWREADY(short22_awready),
    .AXI_22_WDATA(mem22_wdata),
    .AXI_22_WDATA_PARITY(32'd0),
    .AXI_22_WSTRB(mem22_wstrb),
    .AXI_22_WLAST(short22_wlast),
    .AXI_22_WVALID(short22_wvalid),
    .AXI_22_WREADY(short22_wready),
    .AXI_22_BID(),
    .AXI_22_BRESP(short22_bresp),
    .AXI_22_BVALID(short22_bvalid),
    .AXI_22_BREADY(short22_bready),
    .AXI_22_RDATA(mem22_rdata),
    .AXI_22_RDATA_PARITY(),
    .AXI_22_RID(),
    .AXI_22_RLAST(short22_rlast),
    .AXI_22_RRESP(mem22_rresp),
    .AXI_22_RVALID(short22_rvalid),
    .AXI_22_RREADY(short22_rready),
    .AXI_23_ACLK(core_clk),
    .AXI_23_ARESET_N(hbm_axi_reset_n),
    .AXI_23_ARADDR({5'd23, short23_araddr}),
    .AXI_23_ARBURST(2'b01),
    .AXI_23_ARID(6'd0),
    .AXI_23_ARLEN(short23_arlen),
    .AXI_23_ARSIZE(3'd5),
    .AXI_23_ARVALID(short23_arvalid),
    .AXI_23_ARREADY(short23_arready),
    .AXI_23_AWADDR({5'd23, short23_awaddr}),
    .AXI_23_AWBURST(2'b01),
    .AXI_23_AWID(6'd0),
    .AXI_23_AWLEN(short23_awlen),
    .AXI_23_AWSIZE(3'd5),
    .AXI_23_AWVALID(short23_awvalid),
    .AXI_23_AWREADY(short23_awready),
    .AXI_23_WDATA(mem23_wdata),
    .AXI_23_WDATA_PARITY(32'd0),
    .AXI_23_WSTRB(mem23_wstrb),
    .AXI_23_WLAST(short23_wlast),
    .AXI_23_WVALID(short23_wvalid),
    .AXI_23_WREADY(short23_wready),
    .AXI_23_BID(),
    .AXI_23_BRESP(short23_bresp),
    .AXI_23_BVALID(short23_bvalid),
    .AXI_23_BREADY(short23_bready),
    .AXI_23_RDATA(mem23_rdata),
    .AXI_23_RDATA_PARITY(),
    .AXI_23_RID(),
    .AXI_23_RLAST(short23_rlast),
    .AXI_23_RRESP(mem23_rresp),
    .AXI_23_RVALID(short23_rvalid),
    .AXI_23_RREADY(short23_rready),
    .AXI_24_ACLK(core_clk),
    .AXI_24_ARESET_N(hbm_axi_reset_n),
    .AXI_24_ARADDR({5'd24, short24_araddr}),
    .AXI_24_ARBURST(2'b01),
    .AXI_24_ARID(6'd0),
    .AXI_24_ARLEN(short24_arlen),
    .AXI_24_ARSIZE(3'd5),
    .AXI_24_ARVALID(short24_arvalid),
    .AXI_24_ARREADY(short24_arready),
    .AXI_24_AWADDR({5'd24, short24_awaddr}),
    .AXI_24_AWBURST(2'b01),
    .AXI_24_AWID(6'd0),
    .AXI_24_AWLEN(short24_awlen),
    .AXI_24_AWSIZE(3'd5),
    .AXI_24_AWVALID(short24_awvalid),
    .AXI_24_AWREADY(short24_awready),
    .AXI_24_WDATA(mem24_wdata),
    .AXI_24_WDATA_PARITY(32'd0),
    .AXI_24_WSTRB(mem24_wstrb),
    .AXI_24_WLAST(short24_wlast),
    .AXI_24_WVALID(short24_wvalid),
    .AXI_24_WREADY(short24_wready),
    .AXI_24_BID(),
    .AXI_24_BRESP(short24_bresp),
    .AXI_24_BVALID(short24_bvalid),
    .AXI_24_BREADY(short24_bready),
    .AXI_24_RDATA(mem24_rdata),
    .AXI_24_RDATA_PARITY(),
    .AXI_24_RID(),
    .AXI_24_RLAST(short24_rlast),
    .AXI_24_RRESP(mem24_rresp),
    .AXI_24_RVALID(short24_rvalid),
    .AXI_24_RREADY(short24_rready),
    .AXI_25_ACLK(core_clk),
    .AXI_25_ARESET_N(hbm_axi_reset_n),
    .AXI_25_ARADDR({5'd25, short25_araddr}),
    .AXI_25_ARBURST(2'b01),
    .AXI_25_ARID(6'd0),
    .AXI_25_ARLEN(short25_arlen),
    .AXI_25_ARSIZE(3'd5),
    .AXI_25_ARVALID(short25_arvalid),
    .AXI_25_ARREADY(short25_arready),
    .AXI_25_AWADDR({5'd25, short25_awaddr}),
    .AXI_25_AWBURST(2'b01),
    .AXI_25_AWID(6'd0),
    .AXI_25_AWLEN(short25_awlen),
    .AXI_25_AWSIZE(3'd5),
    .AXI_25_AWVALID(short25_awvalid),
    .AXI_25_AWREADY(short25_awready),
    .AXI_25_WDATA(mem25_wdata),
    .AXI_25_WDATA_PARITY(32'd0),
    .AXI_25_WSTRB(mem25_wstrb),
    .AXI_25_WLAST(short25_wlast),
    .AXI_25_WVALID(short25_wvalid),
    .AXI_25_WREADY(short25_wready),
    .AXI_25_BID(),
    .AXI_25_BRESP(short25_bresp),
    .AXI_25_BVALID(short25_bvalid),
    .AXI_25_BREADY(short25_bready),
    .AXI_25_RDATA(mem25_rdata),
    .AXI_25_RDATA_PARITY(),
    .AXI_25_RID(),
    .AXI_25_RLAST(short25_rlast),
    .AXI_25_RRESP(mem25_rresp),
    .AXI_25_RVALID(short25_rvalid),
    .AXI_25_RREADY(short25_rready),
    .AXI_26_ACLK(core_clk),
    .AXI_26_ARESET_N(hbm_axi_reset_n),
    .AXI_26_ARADDR({5'd26, short26_araddr}),
    .AXI_26_ARBURST(2'b01),
    .AXI_26_ARID(6'd0),
    .AXI_26_ARLEN(short26_arlen),
    .AXI_26_ARSIZE(3'd5),
    .AXI_26_ARVALID(short26_arvalid),
    .AXI_26_ARREADY(short26_arready),
    .AXI_26_AWADDR({5'd26, short26_awaddr}),
    .AXI_26_AWBURST(2'b01),
    .AXI_26_AWID(6'd0),
    .AXI_26_AWLEN(short26_awlen),
    .AXI_26_AWSIZE(3'd5),
    .AXI_26_AWVALID(short26_awvalid),
    .AXI_26_AWREADY(short26_awready),
    .AXI_26_WDATA(mem26_wdata),
    .AXI_26_WDATA_PARITY(32'd0),
    .AXI_26_WSTRB(mem26_wstrb),
    .AXI_26_WLAST(short26_wlast),
    .AXI_26_WVALID(short26_wvalid),
    .AXI_26_WREADY(short26_wready),
    .AXI_26_BID(),
    .AXI_26_BRESP(short26_bresp),
    .AXI_26_BVALID(short26_bvalid),
    .AXI_26_BREADY(short26_bready),
    .AXI_26_RDATA(mem26_rdata),
    .AXI_26_RDATA_PARITY(),
    .AXI_26_RID(),
    .AXI_26_RLAST(short26_rlast),
    .AXI_26_RRESP(mem26_rresp),
    .AXI_26_RVALID(short26_rvalid),
    .AXI_26_RREADY(short26_rready),
    .AXI_27_ACLK(core_clk),
    .AXI_27_ARESET_N(hbm_axi_reset_n),
    .AXI_27_ARADDR({5'd27, short27_araddr}),
    .AXI_27_ARBURST(2'b01),
    .AXI_27_ARID(6'd0),
    .AXI_27_ARLEN(short27_arlen),
    .AXI_27_ARSIZE(3'd5),
    .AXI_27_ARVALID(short27_arvalid),
    .AXI_27_ARREADY(short27_arready),
    .AXI_27_AWADDR({5'd27, short27_awaddr}),
    .AXI_27_AWBURST(2'b01),
    .AXI_27_AWID(6'd0),
    .AXI_27_AWLEN(short27_awlen),
    .AXI_27_AWSIZE(3'd5),
    .AXI_27_AWVALID(short27_awvalid),
    .AXI_27_AWREADY(short27_awready),
    .AXI_27_WDATA(mem27_wdata),
    .AXI_27_WDATA_PARITY(32'd0),
    .AXI_27_WSTRB(mem27_wstrb),
    .AXI_27_WLAST(short27_wlast),
    .AXI_27_WVALID(short27_wvalid),
    .AXI_27_WREADY(short27_wready),
    .AXI_27_BID(),
    .AXI_27_BRESP(short27_bresp),
    .AXI_27_BVALID(short27_bvalid),
    .AXI_27_BREADY(short27_bready),
    .AXI_27_RDATA(mem27_rdata),
    .AXI_27_RDATA_PARITY(),
    .AXI_27_RID(),
    .AXI_27_RLAST(short27_rlast),
    .AXI_27_RRESP(mem27_rresp),
    .AXI_27_RVALID(short27_rvalid),
    .AXI_27_RREADY(short27_rready),
    .AXI_28_ACLK(core_clk),
    .AXI_28_ARESET_N(hbm_axi_reset_n),
    .AXI_28_ARADDR({5'd28, short28_araddr}),
    .AXI_28_ARBURST(2'b01),
    .AXI_28_ARID(6'd0),
    .AXI_28_ARLEN(short28_arlen),
    .AXI_28_ARSIZE(3'd5),
    .AXI_28_ARVALID(short28_arvalid),
    .AXI_28_ARREADY(short28_arready),
    .AXI_28_AWADDR({5'd28, short28_awaddr}),
    .AXI_28_AWBURST(2'b01),
    .AXI_28_AWID(6'd0),
    .AXI_28_AWLEN(short28_awlen),
    .AXI_28_AWSIZE(3'd5),
    .AXI_28_AWVALID(short28_awvalid),
    .AXI_28_AWREADY(short28_awready),
    .AXI_28_WDATA(mem28_wdata),
    .AXI_28_WDATA_PARITY(32'd0),
    .AXI_28_WSTRB(mem28_wstrb),
    .AXI_28_WLAST(short28_wlast),
    .AXI_28_WVALID(short28_wvalid),
    .AXI_28_WREADY(short28_wready),
    .AXI_28_BID(),
    .AXI_28_BRESP(short28_bresp),
    .AXI_28_BVALID(short28_bvalid),
    .AXI_28_BREADY(short28_bready),
    .AXI_28_RDATA(mem28_rdata),
    .AXI_28_RDATA_PARITY(),
    .AXI_28_RID(),
    .AXI_28_RLAST(short28_rlast),
    .AXI_28_RRESP(mem28_rresp),
    .AXI_28_RVALID(short28_rvalid),
    .AXI_28_RREADY(short28_rready),
    .AXI_29_ACLK(core_clk),
    .AXI_29_ARESET_N(hbm_axi_reset_n),
    .AXI_29_ARADDR({5'd29, short29_araddr}),
    .AXI_29_ARBURST(2'b01),
    .AXI_29_ARID(6'd0),
    .AXI_29_ARLEN(short29_arlen),
    .AXI_29_ARSIZE(3'd5),
    .AXI_29_ARVALID(short29_arvalid),
    .AXI_29_ARREADY(short29_arready),
    .AXI_29_AWADDR({5'd29, short29_awaddr}),
    .AXI_29_AWBURST(2'b01),
    .AXI_29_AWID(6'd0),
    .AXI_29_AWLEN(short29_awlen),
    .AXI_29_AWSIZE(3'd5),
    .AXI_29_AWVALID(short29_awvalid),
    .AXI_29_AWREADY(short29_awready),
    .AXI_29_WDATA(mem29_wdata),
    .AXI_29_WDATA_PARITY(32'd0),
    .AXI_29_WSTRB(mem29_wstrb),
    .AXI_29_WLAST(short29_wlast),
    .AXI_29_WVALID(short29_wvalid),
    .AXI_29_WREADY(short29_wready),
    .AXI_29_BID(),
    .AXI_29_BRESP(short29_bresp),
    .AXI_29_BVALID(short29_bvalid),
    .AXI_29_BREADY(short29_bready),
    .AXI_29_RDATA(mem29_rdata),
    .AXI_29_RDATA_PARITY(),
    .AXI_29_RID(),
    .AXI_29_RLAST(short29_rlast),
    .AXI_29_RRESP(mem29_rresp),
    .AXI_29_RVALID(short29_rvalid),
    .AXI_29_RREADY(short29_rready),
    .AXI_30_ACLK(core_clk),
    .AXI_30_ARESET_N(hbm_axi_reset_n),
    .AXI_30_ARADDR({5'd30, short30_araddr}),
    .AXI_30_ARBURST(2'b01),
    .AXI_30_ARID(6'd0),
    .AXI_30_ARLEN(short30_arlen),
    .AXI_30_ARSIZE(3'd5),
    .AXI_30_ARVALID(short30_arvalid),
    .AXI_30_ARREADY(short30_arready),
    .AXI_30_AWADDR({5'd30, short30_awaddr}),
    .AXI_30_AWBURST(2'b01),
    .AXI_30_AWID(6'd0),
    .AXI_30_AWLEN(short30_awlen),
    .AXI_30_AWSIZE(3'd5),
    .AXI_30_AWVALID(short30_awvalid),
    .AXI_30_AWREADY(short30_awready),
    .AXI_30_WDATA(mem30_wdata),
    .AXI_30_WDATA_PARITY(32'd0),
    .AXI_30_WSTRB(mem30_wstrb),
    .AXI_30_WLAST(short30_wlast),
    .AXI_30_WVALID(short30_wvalid),
    .AXI_30_WREADY(short30_wready),
    .AXI_30_BID(),
    .AXI_30_BRESP(short30_bresp),
    .AXI_30_BVALID(short30_bvalid),
    .AXI_30_BREADY(short30_bready),
    .AXI_30_RDATA(mem30_rdata),
    .AXI_30_RDATA_PARITY(),
    .AXI_30_RID(),
    .AXI_30_RLAST(short30_rlast),
    .AXI_30_RRESP(mem30_rresp),
    .AXI_30_RVALID(short30_rvalid),
    .AXI_30_RREADY(short30_rready),
    .AXI_31_ACLK(core_clk),
    .AXI_31_ARESET_N(hbm_axi_reset_n),
    .AXI_31_ARADDR({5'd31, short31_araddr}),
    .AXI_31_ARBURST(2'b01),
    .AXI_31_ARID(6'd0),
    .AXI_31_ARLEN(short31_arlen),
    .AXI_31_ARSIZE(3'd5),
    .AXI_31_ARVALID(short31_arvalid),
    .AXI_31_ARREADY(short31_arready),
    .AXI_31_AWADDR({5'd31, short31_awaddr}),
    .AXI_31_AWBURST(2'b01),
    .AXI_31_AWID(6'd0),
    .AXI_31_AWLEN(short31_awlen),
    .AXI_31_AWSIZE(3'd5),
    .AXI_31_AWVALID(short31_awvalid),
    .AXI_31_AWREADY(short31_awready),
    .AXI_31_WDATA(mem31_wdata),
    .AXI_31_WDATA_PARITY(32'd0),
    .AXI_31_WSTRB(mem31_wstrb),
    .AXI_31_WLAST(short31_wlast),
    .AXI_31_WVALID(short31_wvalid),
    .AXI_31_WREADY(short31_wready),
    .AXI_31_BID(),
    .AXI_31_BRESP(short31_bresp),
    .AXI_31_BVALID(short31_bvalid),
    .AXI_31_BREADY(short31_bready),
    .AXI_31_RDATA(mem31_rdata),
    .AXI_31_RDATA_PARITY(),
    .AXI_31_RID(),
    .AXI_31_RLAST(short31_rlast),
    .AXI_31_RRESP(mem31_rresp),
    .AXI_31_RVALID(short31_rvalid),
    .AXI_31_RREADY(short31_rready)
  );

  // The very module that is simulated.
  goldilane_u280 u_goldilane (
    .clk(core_clk),
    .rst(core_rst),
    .build_stamp(BUILD_STAMP),
    .test_faults(3'b000),
    .irq_valid(irq_valid),
    .irq_vector(irq_vector),
    .s_axil_awaddr(axil_awaddr),
    .s_axil_awvalid(axil_awvalid),
    .s_axil_awready(axil_awready),
    .s_axil_wdata(axil_wdata),
    .s_axil_wstrb(axil_wstrb),
    .s_axil_wvalid(axil_wvalid),
    .s_axil_wready(axil_wready),
    .s_axil_bresp(axil_bresp),
    .s_axil_bvalid(axil_bvalid),
    .s_axil_bready(axil_bready),
    .s_axil_araddr(axil_araddr),
    .s_axil_arvalid(axil_arvalid),
    .s_axil_arready(axil_arready),
    .s_axil_rdata(axil_rdata),
    .s_axil_rresp(axil_rresp),
    .s_axil_rvalid(axil_rvalid),
    .s_axil_rready(axil_rready),
    .m_axi_host_awid(host_awid),
    .m_axi_host_awaddr(host_awaddr),
    .m_axi_host_awlen(host_awlen),
    .m_axi_host_awsize(host_awsize),
    .m_axi_host_awburst(host_awburst),
    .m_axi_host_awvalid(host_awvalid),
    .m_axi_host_awready(host_awready),
    .m_axi_host_wdata(host_wdata),
    .m_axi_host_wstrb(host_wstrb),
    .m_axi_host_wlast(host_wlast),
    .m_axi_host_wvalid(host_wvalid),
    .m_axi_host_wready(host_wready),
    .m_axi_host_bid(host_bid),
    .m_axi_host_bresp(host_bresp),
    .m_axi_host_bvalid(host_bvalid),
    .m_axi_host_bready(host_bready),
    .m_axi_host_arid(host_arid),
    .m_axi_host_araddr(host_araddr),
    .m_axi_host_arlen(host_arlen),
    .m_axi_host_arsize(host_arsize),
    .m_axi_host_arburst(host_arburst),
    .m_axi_host_arvalid(host_arvalid),
    .m_axi_host_arready(host_arready),
    .m_axi_host_rid(host_rid),
    .m_axi_host_rdata(host_rdata),
    .m_axi_host_rresp(host_rresp),
    .m_axi_host_rlast(host_rlast),
    .m_axi_host_rvalid(host_rvalid),
    .m_axi_host_rready(host_rready),
    .m_axi_mem0_awid(mem0_awid),
    .m_axi_mem0_awaddr(mem0_awaddr),
    .m_axi_mem0_awlen(mem0_awlen),
    .m_axi_mem0_awsize(mem0_awsize),
    .m_axi_mem0_awburst(mem0_awburst),
    .m_axi_mem0_awvalid(mem0_awvalid),
    .m_axi_mem0_awready(mem0_awready),
    .m_axi_mem0_wdata(mem0_wdata),
    .m_axi_mem0_wstrb(mem0_wstrb),
    .m_axi_mem0_wlast(mem0_wlast),
    .m_axi_mem0_wvalid(mem0_wvalid),
    .m_axi_mem0_wready(mem0_wready),
    .m_axi_mem0_bid(mem0_bid),
    .m_axi_mem0_bresp(mem0_bresp),
    .m_axi_mem0_bvalid(mem0_bvalid),
    .m_axi_mem0_bready(mem0_bready),
    .m_axi_mem0_arid(mem0_arid),
    .m_axi_mem0_araddr(mem0_araddr),
    .m_axi_mem0_arlen(mem0_arlen),
    .m_axi_mem0_arsize(mem0_arsize),
    .m_axi_mem0_arburst(mem0_arburst),
    .m_axi_mem0_arvalid(mem0_arvalid),
    .m_axi_mem0_arready(mem0_arready),
    .m_axi_mem0_rid(mem0_rid),
    .m_axi_mem0_rdata(mem0_rdata),
    .m_axi_mem0_rresp(mem0_rresp),
    .m_axi_mem0_rlast(mem0_rlast),
    .m_axi_mem0_rvalid(mem0_rvalid),
    .m_axi_mem0_rready(mem0_rready),
    .m_axi_mem1_awid(mem1_awid),
    .m_axi_mem1_awaddr(mem1_awaddr),
    .m_axi_mem1_awlen(mem1_awlen),
    .m_axi_mem1_awsize(mem1_awsize),
    .m_axi_mem1_awburst(mem1_awburst),
    .m_axi_mem1_awvalid(mem1_awvalid),
    .m_axi_mem1_awready(mem1_awready),
    .m_axi_mem1_wdata(mem1_wdata),
    .m_axi_mem1_wstrb(mem1_wstrb),
    .m_axi_mem1_wlast(mem1_wlast),
    .m_axi_mem1_wvalid(mem1_wvalid),
    .m_axi_mem1_wready(mem1_wready),
    .m_axi_mem1_bid(mem1_bid),
    .m_axi_mem1_bresp(mem1_bresp),
    .m_axi_mem1_bvalid(mem1_bvalid),
    .m_axi_mem1_bready(mem1_bready),
    .m_axi_mem1_arid(mem1_arid),
    .m_axi_mem1_araddr(mem1_araddr),
    .m_axi_mem1_arlen(mem1_arlen),
    .m_axi_mem1_arsize(mem1_arsize),
    .m_axi_mem1_arburst(mem1_arburst),
    .m_axi_mem1_arvalid(mem1_arvalid),
    .m_axi_mem1_arready(mem1_arready),
    .m_axi_mem1_rid(mem1_rid),
    .m_axi_mem1_rdata(mem1_rdata),
    .m_axi_mem1_rresp(mem1_rresp),
    .m_axi_mem1_rlast(mem1_rlast),
    .m_axi_mem1_rvalid(mem1_rvalid),
    .m_axi_mem1_rready(mem1_rready),
    .m_axi_mem2_awid(mem2_awid),
    .m_axi_mem2_awaddr(mem2_awaddr),
    .m_axi_mem2_awlen(mem2_awlen),
    .m_axi_mem2_awsize(mem2_awsize),
    .m_axi_mem2_awburst(mem2_awburst),
    .m_axi_mem2_awvalid(mem2_awvalid),
    .m_axi_mem2_awready(mem2_awready),
    .m_axi_mem2_wdata(mem2_wdata),
    .m_axi_mem2_wstrb(mem2_wstrb),
    .m_axi_mem2_wlast(mem2_wlast),
    .m_axi_mem2_wvalid(mem2_wvalid),
    .m_axi_mem2_wready(mem2_wready),
    .m_axi_mem2_bid(mem2_bid),
    .m_axi_mem2_bresp(mem2_bresp),
    .m_axi_mem2_bvalid(mem2_bvalid),
    .m_axi_mem2_bready(mem2_bready),
    .m_axi_mem2_arid(mem2_arid),
    .m_axi_mem2_araddr(mem2_araddr),
    .m_axi_mem2_arlen(mem2_arlen),
    .m_axi_mem2_arsize(mem2_arsize),
    .m_axi_mem2_arburst(mem2_arburst),
    .m_axi_mem2_arvalid(mem2_arvalid),
    .m_axi_mem2_arready(mem2_arready),
    .m_axi_mem2_rid(mem2_rid),
    .m_axi_mem2_rdata(mem2_rdata),
    .m_axi_mem2_rresp(mem2_rresp),
    .m_axi_mem2_rlast(mem2_rlast),
    .m_axi_mem2_rvalid(mem2_rvalid),
    .m_axi_mem2_rready(mem2_rready),
    .m_axi_mem3_awid(mem3_awid),
    .m_axi_mem3_awaddr(mem3_awaddr),
    .m_axi_mem3_awlen(mem3_awlen),
    .m_axi_mem3_awsize(mem3_awsize),
    .m_axi_mem3_awburst(mem3_awburst),
    .m_axi_mem3_awvalid(mem3_awvalid),
    .m_axi_mem3_awready(mem3_awready),
    .m_axi_mem3_wdata(mem3_wdata),
    .m_axi_mem3_wstrb(mem3_wstrb),
    .m_axi_mem3_wlast(mem3_wlast),
    .m_axi_mem3_wvalid(mem3_wvalid),
    .m_axi_mem3_wready(mem3_wready),
    .m_axi_mem3_bid(mem3_bid),
    .m_axi_mem3_bresp(mem3_bresp),
    .m_axi_mem3_bvalid(mem3_bvalid),
    .m_axi_mem3_bready(mem3_bready),
    .m_axi_mem3_arid(mem3_arid),
    .m_axi_mem3_araddr(mem3_araddr),
    .m_axi_mem3_arlen(mem3_arlen),
    .m_axi_mem3_arsize(mem3_arsize),
    .m_axi_mem3_arburst(mem3_arburst),
    .m_axi_mem3_arvalid(mem3_arvalid),
    .m_axi_mem3_arready(mem3_arready),
    .m_axi_mem3_rid(mem3_rid),
    .m_axi_mem3_rdata(mem3_rdata),
    .m_axi_mem3_rresp(mem3_rresp),
    .m_axi_mem3_rlast(mem3_rlast),
    .m_axi_mem3_rvalid(mem3_rvalid),
    .m_axi_mem3_rready(mem3_rready),
    .m_axi_mem4_awid(mem4_awid),
    .m_axi_mem4_awaddr(mem4_awaddr),
    .m_axi_mem4_awlen(mem4_awlen),
    .m_axi_mem4_awsize(mem4_awsize),
    .m_axi_mem4_awburst(mem4_awburst),
    .m_axi_mem4_awvalid(mem4_awvalid),
    .m_axi_mem4_awready(mem4_awready),
    .m_axi_mem4_wdata(mem4_wdata),
    .m_axi_mem4_wstrb(mem4_wstrb),
    .m_axi_mem4_wlast(mem4_wlast),
    .m_axi_mem4_wvalid(mem4_wvalid),
    .m_axi_mem4_wready(mem4_wready),
    .m_axi_mem4_bid(mem4_bid),
    .m_axi_mem4_bresp(mem4_bresp),
    .m_axi_mem4_bvalid(mem4_bvalid),
    .m_axi_mem4_bready(mem4_bready),
    .m_axi_mem4_arid(mem4_arid),
    .m_axi_mem4_araddr(mem4_araddr),
    .m_axi_mem4_arlen(mem4_arlen),
    .m_axi_mem4_arsize(mem4_arsize),
    .m_axi_mem4_arburst(mem4_arburst),
    .m_axi_mem4_arvalid(mem4_arvalid),
    .m_axi_mem4_arready(mem4_arready),
    .m_axi_mem4_rid(mem4_rid),
    .m_axi_mem4_rdata(mem4_rdata),
    .m_axi_mem4_rresp(mem4_rresp),
    .m_axi_mem4_rlast(mem4_rlast),
    .m_axi_mem4_rvalid(mem4_rvalid),
    .m_axi_mem4_rready(mem4_rready),
    .m_axi_mem5_awid(mem5_awid),
    .m_axi_mem5_awaddr(mem5_awaddr),
    .m_axi_mem5_awlen(mem5_awlen),
    .m_axi_mem5_awsize(mem5_awsize),
    .m_axi_mem5_awburst(mem5_awburst),
    .m_axi_mem5_awvalid(mem5_awvalid),
    .m_axi_mem5_awready(mem5_awready),
    .m_axi_mem5_wdata(mem5_wdata),
    .m_axi_mem5_wstrb(mem5_wstrb),
    .m_axi_mem5_wlast(mem5_wlast),
    .m_axi_mem5_wvalid(mem5_wvalid),
    .m_axi_mem5_wready(mem5_wready),
    .m_axi_mem5_bid(mem5_bid),
    .m_axi_mem5_bresp(mem5_bresp),
    .m_axi_mem5_bvalid(mem5_bvalid),
    .m_axi_mem5_bready(mem5_bready),
    .m_axi_mem5_arid(mem5_arid),
    .m_axi_mem5_araddr(mem5_araddr),
    .m_axi_mem5_arlen(mem5_arlen),
    .m_axi_mem5_arsize(mem5_arsize),
    .m_axi_mem5_arburst(mem5_arburst),
    .m_axi_mem5_arvalid(mem5_arvalid),
    .m_axi_mem5_arready(mem5_arready),
    .m_axi_mem5_rid(mem5_rid),
    .m_axi_mem5_rdata(mem5_rdata),
    .m_axi_mem5_rresp(mem5_rresp),
    .m_axi_mem5_rlast(mem5_rlast),
    .m_axi_mem5_rvalid(mem5_rvalid),
    .m_axi_mem5_rready(mem5_rready),
    .m_axi_mem6_awid(mem6_awid),
    .m_axi_mem6_awaddr(mem6_awaddr),
    .m_axi_mem6_awlen(mem6_awlen),
    .m_axi_mem6_awsize(mem6_awsize),
    .m_axi_mem6_awburst(mem6_awburst),
    .m_axi_mem6_awvalid(mem6_awvalid),
    .m_axi_mem6_awready(mem6_awready),
    .m_axi_mem6_wdata(mem6_wdata),
    .m_axi_mem6_wstrb(mem6_wstrb),
    .m_axi_mem6_wlast(mem6_wlast),
    .m_axi_mem6_wvalid(mem6_wvalid),
    .m_axi_mem6_wready(mem6_wready),
    .m_axi_mem6_bid(mem6_bid),
    .m_axi_mem6_bresp(mem6_bresp),
    .m_axi_mem6_bvalid(mem6_bvalid),
    .m_axi_mem6_bready(mem6_bready),
    .m_axi_mem6_arid(mem6_arid),
    .m_axi_mem6_araddr(mem6_araddr),
    .m_axi_mem6_arlen(mem6_arlen),
    .m_axi_mem6_arsize(mem6_arsize),
    .m_axi_mem6_arburst(mem6_arburst),
    .m_axi_mem6_arvalid(mem6_arvalid),
    .m_axi_mem6_arready(mem6_arready),
    .m_axi_mem6_rid(mem6_rid),
    .m_axi_mem6_rdata(mem6_rdata),
    .m_axi_mem6_rresp(mem6_rresp),
    .m_axi_mem6_rlast(mem6_rlast),
    .m_axi_mem6_rvalid(mem6_rvalid),
    .m_axi_mem6_rready(mem6_rready),
    .m_axi_mem7_awid(mem7_awid),
    .m_axi_mem7_awaddr(mem7_awaddr),
    .m_axi_mem7_awlen(mem7_awlen),
    .m_axi_mem7_awsize(mem7_awsize),
    .m_axi_mem7_awburst(mem7_awburst),
    .m_axi_mem7_awvalid(mem7_awvalid),
    .m_axi_mem7_awready(mem7_awready),
    .m_axi_mem7_wdata(mem7_wdata),
    .m_axi_mem7_wstrb(mem7_wstrb),
    .m_axi_mem7_wlast(mem7_wlast),
    .m_axi_mem7_wvalid(mem7_wvalid),
    .m_axi_mem7_wready(mem7_wready),
    .m_axi_mem7_bid(mem7_bid),
    .m_axi_mem7_bresp(mem7_bresp),
    .m_axi_mem7_bvalid(mem7_bvalid),
    .m_axi_mem7_bready(mem7_bready),
    .m_axi_mem7_arid(mem7_arid),
    .m_axi_mem7_araddr(mem7_araddr),
    .m_axi_mem7_arlen(mem7_arlen),
    .m_axi_mem7_arsize(mem7_arsize),
    .m_axi_mem7_arburst(mem7_arburst),
    .m_axi_mem7_arvalid(mem7_arvalid),
    .m_axi_mem7_arready(mem7_arready),
    .m_axi_mem7_rid(mem7_rid),
    .m_axi_mem7_rdata(mem7_rdata),
    .m_axi_mem7_rresp(mem7_rresp),
    .m_axi_mem7_rlast(mem7_rlast),
    .m_axi_mem7_rvalid(mem7_rvalid),
    .m_axi_mem7_rready(mem7_rready),
    .m_axi_mem8_awid(mem8_awid),
    .m_axi_mem8_awaddr(mem8_awaddr),
    .m_axi_mem8_awlen(mem8_awlen),
    .m_axi_mem8_awsize(mem8_awsize),
    .m_axi_mem8_awburst(mem8_awburst),
    .m_axi_mem8_awvalid(mem8_awvalid),
    .m_axi_mem8_awready(mem8_awready),
    .m_axi_mem8_wdata(mem8_wdata),
    .m_axi_mem8_wstrb(mem8_wstrb),
    .m_axi_mem8_wlast(mem8_wlast),
    .m_axi_mem8_wvalid(mem8_wvalid),
    .m_axi_mem8_wready(mem8_wready),
    .m_axi_mem8_bid(mem8_bid),
    .m_axi_mem8_bresp(mem8_bresp),
    .m_axi_mem8_bvalid(mem8_bvalid),
    .m_axi_mem8_bready(mem8_bready),
    .m_axi_mem8_arid(mem8_arid),
    .m_axi_mem8_araddr(mem8_araddr),
    .m_axi_mem8_arlen(mem8_arlen),
    .m_axi_mem8_arsize(mem8_arsize),
    .m_axi_mem8_arburst(mem8_arburst),
    .m_axi_mem8_arvalid(mem8_arvalid),
    .m_axi_mem8_arready(mem8_arready),
    .m_axi_mem8_rid(mem8_rid),
    .m_axi_mem8_rdata(mem8_rdata),
    .m_axi_mem8_rresp(mem8_rresp),
    .m_axi_mem8_rlast(mem8_rlast),
    .m_axi_mem8_rvalid(mem8_rvalid),
    .m_axi_mem8_rready(mem8_rready),
    .m_axi_mem9_awid(mem9_awid),
    .m_axi_mem9_awaddr(mem9_awaddr),
    .m_axi_mem9_awlen(mem9_awlen),
    .m_axi_mem9_awsize(mem9_awsize),
    .m_axi_mem9_awburst(mem9_awburst),
    .m_axi_mem9_awvalid(mem9_awvalid),
    .m_axi_mem9_awready(mem9_awready),
    .m_axi_mem9_wdata(mem9_wdata),
    .m_axi_mem9_wstrb(mem9_wstrb),
    .m_axi_mem9_wlast(mem9_wlast),
    .m_axi_mem9_wvalid(mem9_wvalid),
    .m_axi_mem9_wready(mem9_wready),
    .m_axi_mem9_bid(mem9_bid),
    .m_axi_mem9_bresp(mem9_bresp),
    .m_axi_mem9_bvalid(mem9_bvalid),
    .m_axi_mem9_bready(mem9_bready),
    .m_axi_mem9_arid(mem9_arid),
    .m_axi_mem9_araddr(mem9_araddr),
    .m_axi_mem9_arlen(mem9_arlen),
    .m_axi_mem9_arsize(mem9_arsize),
    .m_axi_mem9_arburst(mem9_arburst),
    .m_axi_mem9_arvalid(mem9_arvalid),
    .m_axi_mem9_arready(mem9_arready),
    .m_axi_mem9_rid(mem9_rid),
    .m_axi_mem9_rdata(mem9_rdata),
    .m_axi_mem9_rresp(mem9_rresp),
    .m_axi_mem9_rlast(mem9_rlast),
    .m_axi_mem9_rvalid(mem9_rvalid),
    .m_axi_mem9_rready(mem9_rready),
    .m_axi_mem10_awid(mem10_awid),
    .m_axi_mem10_awaddr(mem10_awaddr),
    .m_axi_mem10_awlen(mem10_awlen),
    .m_axi_mem10_awsize(mem10_awsize),
    .m_axi_mem10_awburst(mem10_awburst),
    .m_axi_mem10_awvalid(mem10_awvalid),
    .m_axi_mem10_awready(mem10_awready),
    .m_axi_mem10_wdata(mem10_wdata),
    .m_axi_mem10_wstrb(mem10_wstrb),
    .m_axi_mem10_wlast(mem10_wlast),
    .m_axi_mem10_wvalid(mem10_wvalid),
    .m_axi_mem10_wready(mem10_wready),
    .m_axi_mem10_bid(mem10_bid),
    .m_axi_mem10_bresp(mem10_bresp),
    .m_axi_mem10_bvalid(mem10_bvalid),
    .m_axi_mem10_bready(mem10_bready),
    .m_axi_mem10_arid(mem10_arid),
    .m_axi_mem10_araddr(mem10_araddr),
    .m_axi_mem10_arlen(mem10_arlen),
    .m_axi_mem10_arsize(mem10_arsize),
    .m_axi_mem10_arburst(mem10_arburst),
    .m_axi_mem10_arvalid(mem10_arvalid),
    .m_axi_mem10_arready(mem10_arready),
    .m_axi_mem10_rid(mem10_rid),
    .m_axi_mem10_rdata(mem10_rdata),
    .m_axi_mem10_rresp(mem10_rresp),
    .m_axi_mem10_rlast(mem10_rlast),
    .m_axi_mem10_rvalid(mem10_rvalid),
    .m_axi_mem10_rready(mem10_rready),
    .m_axi_mem11_awid(mem11_awid),
    .m_axi_mem11_awaddr(mem11_awaddr),
    .m_axi_mem11_awlen(mem11_awlen),
    .m_axi_mem11_awsize(mem11_awsize),
    .m_axi_mem11_awburst(mem11_awburst),
    .m_axi_mem11_awvalid(mem11_awvalid),
    .m_axi_mem11_awready(mem11_awready),
    .m_axi_mem11_wdata(mem11_wdata),
    .m_axi_mem11_wstrb(mem11_wstrb),
    .m_axi_mem11_wlast(mem11_wlast),
    .m_axi_mem11_wvalid(mem11_wvalid),
    .m_axi_mem11_wready(mem11_wready),
    .m_axi_mem11_bid(mem11_bid),
    .m_axi_mem11_bresp(mem11_bresp),
    .m_axi_mem11_bvalid(mem11_bvalid),
    .m_axi_mem11_bready(mem11_bready),
    .m_axi_mem11_arid(mem11_arid),
    .m_axi_mem11_araddr(mem11_araddr),
    .m_axi_mem11_arlen(mem11_arlen),
    .m_axi_mem11_arsize(mem11_arsize),
    .m_axi_mem11_arburst(mem11_arburst),
    .m_axi_mem11_arvalid(mem11_arvalid),
    .m_axi_mem11_arready(mem11_arready),
    .m_axi_mem11_rid(mem11_rid),
    .m_axi_mem11_rdata(mem11_rdata),
    .m_axi_mem11_rresp(mem11_rresp),
    .m_axi_mem11_rlast(mem11_rlast),
    .m_axi_mem11_rvalid(mem11_rvalid),
    .m_axi_mem11_rready(mem11_rready),
    .m_axi_mem12_awid(mem12_awid),
    .m_axi_mem12_awaddr(mem12_awaddr),
    .m_axi_mem12_awlen(mem12_awlen),
    .m_axi_mem12_awsize(mem12_awsize),
    .m_axi_mem12_awburst(mem12_awburst),
    .m_axi_mem12_awvalid(mem12_awvalid),
    .m_axi_mem12_awready(mem12_awready),
    .m_axi_mem12_wdata(mem12_wdata),
    .m_axi_mem12_wstrb(mem12_wstrb),
    .m_axi_mem12_wlast(mem12_wlast),
    .m_axi_mem12_wvalid(mem12_wvalid),
    .m_axi_mem12_wready(mem12_wready),
    .m_axi_mem12_bid(mem12_bid),
    .m_axi_mem12_bresp(mem12_bresp),
    .m_axi_mem12_bvalid(mem12_bvalid),
    .m_axi_mem12_bready(mem12_bready),
    .m_axi_mem12_arid(mem12_arid),
    .m_axi_mem12_araddr(mem12_araddr),
    .m_axi_mem12_arlen(mem12_arlen),
    .m_axi_mem12_arsize(mem12_arsize),
    .m_axi_mem12_arburst(mem12_arburst),
    .m_axi_mem12_arvalid(mem12_arvalid),
    .m_axi_mem12_arready(mem12_arready),
    .m_axi_mem12_rid(mem12_rid),
    .m_axi_mem12_rdata(mem12_rdata),
    .m_axi_mem12_rresp(mem12_rresp),
    .m_axi_mem12_rlast(mem12_rlast),
    .m_axi_mem12_rvalid(mem12_rvalid),
    .m_axi_mem12_rready(mem12_rready),
    .m_axi_mem13_awid(mem13_awid),
    .m_axi_mem13_awaddr(mem13_awaddr),
    .m_axi_mem13_awlen(mem13_awlen),
    .m_axi_mem13_awsize(mem13_awsize),
    .m_axi_mem13_awburst(mem13_awburst),
    .m_axi_mem13_awvalid(mem13_awvalid),
    .m_axi_mem13_awready(mem13_awready),
    .m_axi_mem13_wdata(mem13_wdata),
    .m_axi_mem13_wstrb(mem13_wstrb),
    .m_axi_mem13_wlast(mem13_wlast),
    .m_axi_mem13_wvalid(mem13_wvalid),
    .m_axi_mem13_wready(mem13_wready),
    .m_axi_mem13_bid(mem13_bid),
    .m_axi_mem13_bresp(mem13_bresp),
    .m_axi_mem13_bvalid(mem13_bvalid),
    .m_axi_mem13_bready(mem13_bready),
    .m_axi_mem13_arid(mem13_arid),
    .m_axi_mem13_araddr(mem13_araddr),
    .m_axi_mem13_arlen(mem13_arlen),
    .m_axi_mem13_arsize(mem13_arsize),
    .m_axi_mem13_arburst(mem13_arburst),
    .m_axi_mem13_arvalid(mem13_arvalid),
    .m_axi_mem13_arready(mem13_arready),
    .m_axi_mem13_rid(mem13_rid),
    .m_axi_mem13_rdata(mem13_rdata),
    .m_axi_mem13_rresp(mem13_rresp),
    .m_axi_mem13_rlast(mem13_rlast),
    .m_axi_mem13_rvalid(mem13_rvalid),
    .m_axi_mem13_rready(mem13_rready),
    .m_axi_mem14_awid(mem14_awid),
    .m_axi_mem14_awaddr(mem14_awaddr),
    .m_axi_mem14_awlen(mem14_awlen),
    .m_axi_mem14_awsize(mem14_awsize),
    .m_axi_mem14_awburst(mem14_awburst),
    .m_axi_mem14_awvalid(mem14_awvalid),
    .m_axi_mem14_awready(mem14_awready),
    .m_axi_mem14_wdata(mem14_wdata),
    .m_axi_mem14_wstrb(mem14_wstrb),
    .m_axi_mem14_wlast(mem14_wlast),
    .m_axi_mem14_wvalid(mem14_wvalid),
    .m_axi_mem14_wready(mem14_wready),
    .m_axi_mem14_bid(mem14_bid),
    .m_axi_mem14_bresp(mem14_bresp),
    .m_axi_mem14_bvalid(mem14_bvalid),
    .m_axi_mem14_bready(mem14_bready),
    .m_axi_mem14_arid(mem14_arid),
    .m_axi_mem14_araddr(mem14_araddr),
    .m_axi_mem14_arlen(mem14_arlen),
    .m_axi_mem14_arsize(mem14_arsize),
    .m_axi_mem14_arburst(mem14_arburst),
    .m_axi_mem14_arvalid(mem14_arvalid),
    .m_axi_mem14_arready(mem14_arready),
    .m_axi_mem14_rid(mem14_rid),
    .m_axi_mem14_rdata(mem14_rdata),
    .m_axi_mem14_rresp(mem14_rresp),
    .m_axi_mem14_rlast(mem14_rlast),
    .m_axi_mem14_rvalid(mem14_rvalid),
    .m_axi_mem14_rready(mem14_rready),
    .m_axi_mem15_awid(mem15_awid),
    .m_axi_mem15_awaddr(mem15_awaddr),
    .m_axi_mem15_awlen(mem15_awlen),
    .m_axi_mem15_awsize(mem15_awsize),
    .m_axi_mem15_awburst(mem15_awburst),
    .m_axi_mem15_awvalid(mem15_awvalid),
    .m_axi_mem15_awready(mem15_awready),
    .m_axi_mem15_wdata(mem15_wdata),
    .m_axi_mem15_wstrb(mem15_wstrb),
    .m_axi_mem15_wlast(mem15_wlast),
    .m_axi_mem15_wvalid(mem15_wvalid),
    .m_axi_mem15_wready(mem15_wready),
    .m_axi_mem15_bid(mem15_bid),
    .m_axi_mem15_bresp(mem15_bresp),
    .m_axi_mem15_bvalid(mem15_bvalid),
    .m_axi_mem15_bready(mem15_bready),
    .m_axi_mem15_arid(mem15_arid),
    .m_axi_mem15_araddr(mem15_araddr),
    .m_axi_mem15_arlen(mem15_arlen),
    .m_axi_mem15_arsize(mem15_arsize),
    .m_axi_mem15_arburst(mem15_arburst),
    .m_axi_mem15_arvalid(mem15_arvalid),
    .m_axi_mem15_arready(mem15_arready),
    .m_axi_mem15_rid(mem15_rid),
    .m_axi_mem15_rdata(mem15_rdata),
    .m_axi_mem15_rresp(mem15_rresp),
    .m_axi_mem15_rlast(mem15_rlast),
    .m_axi_mem15_rvalid(mem15_rvalid),
    .m_axi_mem15_rready(mem15_rready),
    .m_axi_mem16_awid(mem16_awid),
    .m_axi_mem16_awaddr(mem16_awaddr),
    .m_axi_mem16_awlen(mem16_awlen),
    .m_axi_mem16_awsize(mem16_awsize),
    .m_axi_mem16_awburst(mem16_awburst),
    .m_axi_mem16_awvalid(mem16_awvalid),
    .m_axi_mem16_awready(mem16_awready),
    .m_axi_mem16_wdata(mem16_wdata),
    .m_axi_mem16_wstrb(mem16_wstrb),
    .m_axi_mem16_wlast(mem16_wlast),
    .m_axi_mem16_wvalid(mem16_wvalid),
    .m_axi_mem16_wready(mem16_wready),
    .m_axi_mem16_bid(mem16_bid),
    .m_axi_mem16_bresp(mem16_bresp),
    .m_axi_mem16_bvalid(mem16_bvalid),
    .m_axi_mem16_bready(mem16_bready),
    .m_axi_mem16_arid(mem16_arid),
    .m_axi_mem16_araddr(mem16_araddr),
    .m_axi_mem16_arlen(mem16_arlen),
    .m_axi_mem16_arsize(mem16_arsize),
    .m_axi_mem16_arburst(mem16_arburst),
    .m_axi_mem16_arvalid(mem16_arvalid),
    .m_axi_mem16_arready(mem16_arready),
    .m_axi_mem16_rid(mem16_rid),
    .m_axi_mem16_rdata(mem16_rdata),
    .m_axi_mem16_rresp(mem16_rresp),
    .m_axi_mem16_rlast(mem16_rlast),
    .m_axi_mem16_rvalid(mem16_rvalid),
    .m_axi_mem16_rready(mem16_rready),
    .m_axi_mem17_awid(mem17_awid),
    .m_axi_mem17_awaddr(mem17_awaddr),
    .m_axi_mem17_awlen(mem17_awlen),
    .m_axi_mem17_awsize(mem17_awsize),
    .m_axi_mem17_awburst(mem17_awburst),
    .m_axi_mem17_awvalid(mem17_awvalid),
    .m_axi_mem17_awready(mem17_awready),
    .m_axi_mem17_wdata(mem17_wdata),
    .m_axi_mem17_wstrb(mem17_wstrb),
    .m_axi_mem17_wlast(mem17_wlast),
    .m_axi_mem17_wvalid(mem17_wvalid),
    .m_axi_mem17_wready(mem17_wready),
    .m_axi_mem17_bid(mem17_bid),
    .m_axi_mem17_bresp(mem17_bresp),
    .m_axi_mem17_bvalid(mem17_bvalid),
    .m_axi_mem17_bready(mem17_bready),
    .m_axi_mem17_arid(mem17_arid),
    .m_axi_mem17_araddr(mem17_araddr),
    .m_axi_mem17_arlen(mem17_arlen),
    .m_axi_mem17_arsize(mem17_arsize),
    .m_axi_mem17_arburst(mem17_arburst),
    .m_axi_mem17_arvalid(mem17_arvalid),
    .m_axi_mem17_arready(mem17_arready),
    .m_axi_mem17_rid(mem17_rid),
    .m_axi_mem17_rdata(mem17_rdata),
    .m_axi_mem17_rresp(mem17_rresp),
    .m_axi_mem17_rlast(mem17_rlast),
    .m_axi_mem17_rvalid(mem17_rvalid),
    .m_axi_mem17_rready(mem17_rready),
    .m_axi_mem18_awid(mem18_awid),
    .m_axi_mem18_awaddr(mem18_awaddr),
    .m_axi_mem18_awlen(mem18_awlen),
    .m_axi_mem18_awsize(mem18_awsize),
    .m_axi_mem18_awburst(mem18_awburst),
    .m_axi_mem18_awvalid(mem18_awvalid),
    .m_axi_mem18_awready(mem18_awready),
    .m_axi_mem18_wdata(mem18_wdata),
    .m_axi_mem18_wstrb(mem18_wstrb),
    .m_axi_mem18_wlast(mem18_wlast),
    .m_axi_mem18_wvalid(mem18_wvalid),
    .m_axi_mem18_wready(mem18_wready),
    .m_axi_mem18_bid(mem18_bid),
    .m_axi_mem18_bresp(mem18_bresp),
    .m_axi_mem18_bvalid(mem18_bvalid),
    .m_axi_mem18_bready(mem18_bready),
    .m_axi_mem18_arid(mem18_arid),
    .m_axi_mem18_araddr(mem18_araddr),
    .m_axi_mem18_arlen(mem18_arlen),
    .m_axi_mem18_arsize(mem18_arsize),
    .m_axi_mem18_arburst(mem18_arburst),
    .m_axi_mem18_arvalid(mem18_arvalid),
    .m_axi_mem18_arready(mem18_arready),
    .m_axi_mem18_rid(mem18_rid),
    .m_axi_mem18_rdata(mem18_rdata),
    .m_axi_mem18_rresp(mem18_rresp),
    .m_axi_mem18_rlast(mem18_rlast),
    .m_axi_mem18_rvalid(mem18_rvalid),
    .m_axi_mem18_rready(mem18_rready),
    .m_axi_mem19_awid(mem19_awid),
    .m_axi_mem19_awaddr(mem19_awaddr),
    .m_axi_mem19_awlen(mem19_awlen),
    .m_axi_mem19_awsize(mem19_awsize),
    .m_axi_mem19_awburst(mem19_awburst),
    .m_axi_mem19_awvalid(mem19_awvalid),
    .m_axi_mem19_awready(mem19_awready),
    .m_axi_mem19_wdata(mem19_wdata),
    .m_axi_mem19_wstrb(mem19_wstrb),
    .m_axi_mem19_wlast(mem19_wlast),
    .m_axi_mem19_wvalid(mem19_wvalid),
    .m_axi_mem19_wready(mem19_wready),
    .m_axi_mem19_bid(mem19_bid),
    .m_axi_mem19_bresp(mem19_bresp),
    .m_axi_mem19_bvalid(mem19_bvalid),
    .m_axi_mem19_bready(mem19_bready),
    .m_axi_mem19_arid(mem19_arid),
    .m_axi_mem19_araddr(mem19_araddr),
    .m_axi_mem19_arlen(mem19_arlen),
    .m_axi_mem19_arsize(mem19_arsize),
    .m_axi_mem19_arburst(mem19_arburst),
    .m_axi_mem19_arvalid(mem19_arvalid),
    .m_axi_mem19_arready(mem19_arready),
    .m_axi_mem19_rid(mem19_rid),
    .m_axi_mem19_rdata(mem19_rdata),
    .m_axi_mem19_rresp(mem19_rresp),
    .m_axi_mem19_rlast(mem19_rlast),
    .m_axi_mem19_rvalid(mem19_rvalid),
    .m_axi_mem19_rready(mem19_rready),
    .m_axi_mem20_awid(mem20_awid),
    .m_axi_mem20_awaddr(mem20_awaddr),
    .m_axi_mem20_awlen(mem20_awlen),
    .m_axi_mem20_awsize(mem20_awsize),
    .m_axi_mem20_awburst(mem20_awburst),
    .m_axi_mem20_awvalid(mem20_awvalid),
    .m_axi_mem20_awready(mem20_awready),
    .m_axi_mem20_wdata(mem20_wdata),
    .m_axi_mem20_wstrb(mem20_wstrb),
    .m_axi_mem20_wlast(mem20_wlast),
    .m_axi_mem20_wvalid(mem20_wvalid),
    .m_axi_mem20_wready(mem20_wready),
    .m_axi_mem20_bid(mem20_bid),
    .m_axi_mem20_bresp(mem20_bresp),
    .m_axi_mem20_bvalid(mem20_bvalid),
    .m_axi_mem20_bready(mem20_bready),
    .m_axi_mem20_arid(mem20_arid),
    .m_axi_mem20_araddr(mem20_araddr),
    .m_axi_mem20_arlen(mem20_arlen),
    .m_axi_mem20_arsize(mem20_arsize),
    .m_axi_mem20_arburst(mem20_arburst),
    .m_axi_mem20_arvalid(mem20_arvalid),
    .m_axi_mem20_arready(mem20_arready),
    .m_axi_mem20_rid(mem20_rid),
    .m_axi_mem20_rdata(mem20_rdata),
    .m_axi_mem20_rresp(mem20_rresp),
    .m_axi_mem20_rlast(mem20_rlast),
    .m_axi_mem20_rvalid(mem20_rvalid),
    .m_axi_mem20_rready(mem20_rready),
    .m_axi_mem21_awid(mem21_awid),
    .m_axi_mem21_awaddr(mem21_awaddr),
    .m_axi_mem21_awlen(mem21_awlen),
    .m_axi_mem21_awsize(mem21_awsize),
    .m_axi_mem21_awburst(mem21_awburst),
    .m_axi_mem21_awvalid(mem21_awvalid),
    .m_axi_mem21_awready(mem21_awready),
    .m_axi_mem21_wdata(mem21_wdata),
    .m_axi_mem21_wstrb(mem21_wstrb),
    .m_axi_mem21_wlast(mem21_wlast),
    .m_axi_mem21_wvalid(mem21_wvalid),
    .m_axi_mem21_wready(mem21_wready),
    .m_axi_mem21_bid(mem21_bid),
    .m_axi_mem21_bresp(mem21_bresp),
    .m_axi_mem21_bvalid(mem21_bvalid),
    .m_axi_mem21_bready(mem21_bready),
    .m_axi_mem21_arid(mem21_arid),
    .m_axi_mem21_araddr(mem21_araddr),
    .m_axi_mem21_arlen(mem21_arlen),
    .m_axi_mem21_arsize(mem21_arsize),
    .m_axi_mem21_arburst(mem21_arburst),
    .m_axi_mem21_arvalid(mem21_arvalid),
    .m_axi_mem21_arready(mem21_arready),
    .m_axi_mem21_rid(mem21_rid),
    .m_axi_mem21_rdata(mem21_rdata),
    .m_axi_mem21_rresp(mem21_rresp),
    .m_axi_mem21_rlast(mem21_rlast),
    .m_axi_mem21_rvalid(mem21_rvalid),
    .m_axi_mem21_rready(mem21_rready),
    .m_axi_mem22_awid(mem22_awid),
    .m_axi_mem22_awaddr(mem22_awaddr),
    .m_axi_mem22_awlen(mem22_awlen),
    .m_axi_mem22_awsize(mem22_awsize),
    .m_axi_mem22_awburst(mem22_awburst),
    .m_axi_mem22_awvalid(mem22_awvalid),
    .m_axi_mem22_awready(mem22_awready),
    .m_axi_mem22_wdata(mem22_wdata),
    .m_axi_mem22_wstrb(mem22_wstrb),
    .m_axi_mem22_wlast(mem22_wlast),
    .m_axi_mem22_wvalid(mem22_wvalid),
    .m_axi_mem22_wready(mem22_wready),
    .m_axi_mem22_bid(mem22_bid),
    .m_axi_mem22_bresp(mem22_bresp),
    .m_axi_mem22_bvalid(mem22_bvalid),
    .m_axi_mem22_bready(mem22_bready),
    .m_axi_mem22_arid(mem22_arid),
    .m_axi_mem22_araddr(mem22_araddr),
    .m_axi_mem22_arlen(mem22_arlen),
    .m_axi_mem22_arsize(mem22_arsize),
    .m_axi_mem22_arburst(mem22_arburst),
    .m_axi_mem22_arvalid(mem22_arvalid),
    .m_axi_mem22_arready(mem22_arready),
    .m_axi_mem22_rid(mem22_rid),
    .m_axi_mem22_rdata(mem22_rdata),
    .m_axi_mem22_rresp(mem22_rresp),
    .m_axi_mem22_rlast(mem22_rlast),
    .m_axi_mem22_rvalid(mem22_rvalid),
    .m_axi_mem22_rready(mem22_rready),
    .m_axi_mem23_awid(mem23_awid),
    .m_axi_mem23_awaddr(mem23_awaddr),
    .m_axi_mem23_awlen(mem23_awlen),
    .m_axi_mem23_awsize(mem23_awsize),
    .m_axi_mem23_awburst(mem23_awburst),
    .m_axi_mem23_awvalid(mem23_awvalid),
    .m_axi_mem23_awready(mem23_awready),
    .m_axi_mem23_wdata(mem23_wdata),
    .m_axi_mem23_wstrb(mem23_wstrb),
    .m_axi_mem23_wlast(mem23_wlast),
    .m_axi_mem23_wvalid(mem23_wvalid),
    .m_axi_mem23_wready(mem23_wready),
    .m_axi_mem23_bid(mem23_bid),
    .m_axi_mem23_bresp(mem23_bresp),
    .m_axi_mem23_bvalid(mem23_bvalid),
    .m_axi_mem23_bready(mem23_bready),
    .m_axi_mem23_arid(mem23_arid),
    .m_axi_mem23_araddr(mem23_araddr),
    .m_axi_mem23_arlen(mem23_arlen),
    .m_axi_mem23_arsize(mem23_arsize),
    .m_axi_mem23_arburst(mem23_arburst),
    .m_axi_mem23_arvalid(mem23_arvalid),
    .m_axi_mem23_arready(mem23_arready),
    .m_axi_mem23_rid(mem23_rid),
    .m_axi_mem23_rdata(mem23_rdata),
    .m_axi_mem23_rresp(mem23_rresp),
    .m_axi_mem23_rlast(mem23_rlast),
    .m_axi_mem23_rvalid(mem23_rvalid),
    .m_axi_mem23_rready(mem23_rready),
    .m_axi_mem24_awid(mem24_awid),
    .m_axi_mem24_awaddr(mem24_awaddr),
    .m_axi_mem24_awlen(mem24_awlen),
    .m_axi_mem24_awsize(mem24_awsize),
    .m_axi_mem24_awburst(mem24_awburst),
    .m_axi_mem24_awvalid(mem24_awvalid),
    .m_axi_mem24_awready(mem24_awready),
    .m_axi_mem24_wdata(mem24_wdata),
    .m_axi_mem24_wstrb(mem24_wstrb),
    .m_axi_mem24_wlast(mem24_wlast),
    .m_axi_mem24_wvalid(mem24_wvalid),
    .m_axi_mem24_wready(mem24_wready),
    .m_axi_mem24_bid(mem24_bid),
    .m_axi_mem24_bresp(mem24_bresp),
    .m_axi_mem24_bvalid(mem24_bvalid),
    .m_axi_mem24_bready(mem24_bready),
    .m_axi_mem24_arid(mem24_arid),
    .m_axi_mem24_araddr(mem24_araddr),
    .m_axi_mem24_arlen(mem24_arlen),
    .m_axi_mem24_arsize(mem24_arsize),
    .m_axi_mem24_arburst(mem24_arburst),
    .m_axi_mem24_arvalid(mem24_arvalid),
    .m_axi_mem24_arready(mem24_arready),
    .m_axi_mem24_rid(mem24_rid),
    .m_axi_mem24_rdata(mem24_rdata),
    .m_axi_mem24_rresp(mem24_rresp),
    .m_axi_mem24_rlast(mem24_rlast),
    .m_axi_mem24_rvalid(mem24_rvalid),
    .m_axi_mem24_rready(mem24_rready),
    .m_axi_mem25_awid(mem25_awid),
    .m_axi_mem25_awaddr(mem25_awaddr),
    .m_axi_mem25_awlen(mem25_awlen),
    .m_axi_mem25_awsize(mem25_awsize),
    .m_axi_mem25_awburst(mem25_awburst),
    .m_axi_mem25_awvalid(mem25_awvalid),
    .m_axi_mem25_awready(mem25_awready),
    .m_axi_mem25_wdata(mem25_wdata),
    .m_axi_mem25_wstrb(mem25_wstrb),
    .m_axi_mem25_wlast(mem25_wlast),
    .m_axi_mem25_wvalid(mem25_wvalid),
    .m_axi_mem25_wready(mem25_wready),
    .m_axi_mem25_bid(mem25_bid),
    .m_axi_mem25_bresp(mem25_bresp),
    .m_axi_mem25_bvalid(mem25_bvalid),
    .m_axi_mem25_bready(mem25_bready),
    .m_axi_mem25_arid(mem25_arid),
    .m_axi_mem25_araddr(mem25_araddr),
    .m_axi_mem25_arlen(mem25_arlen),
    .m_axi_mem25_arsize(mem25_arsize),
    .m_axi_mem25_arburst(mem25_arburst),
    .m_axi_mem25_arvalid(mem25_arvalid),
    .m_axi_mem25_arready(mem25_arready),
    .m_axi_mem25_rid(mem25_rid),
    .m_axi_mem25_rdata(mem25_rdata),
    .m_axi_mem25_rresp(mem25_rresp),
    .m_axi_mem25_rlast(mem25_rlast),
    .m_axi_mem25_rvalid(mem25_rvalid),
    .m_axi_mem25_rready(mem25_rready),
    .m_axi_mem26_awid(mem26_awid),
    .m_axi_mem26_awaddr(mem26_awaddr),
    .m_axi_mem26_awlen(mem26_awlen),
    .m_axi_mem26_awsize(mem26_awsize),
    .m_axi_mem26_awburst(mem26_awburst),
    .m_axi_mem26_awvalid(mem26_awvalid),
    .m_axi_mem26_awready(mem26_awready),
    .m_axi_mem26_wdata(mem26_wdata),
    .m_axi_mem26_wstrb(mem26_wstrb),
    .m_axi_mem26_wlast(mem26_wlast),
    .m_axi_mem26_wvalid(mem26_wvalid),
    .m_axi_mem26_wready(mem26_wready),
    .m_axi_mem26_bid(mem26_bid),
    .m_axi_mem26_bresp(mem26_bresp),
    .m_axi_mem26_bvalid(mem26_bvalid),
    .m_axi_mem26_bready(mem26_bready),
    .m_axi_mem26_arid(mem26_arid),
    .m_axi_mem26_araddr(mem26_araddr),
    .m_axi_mem26_arlen(mem26_arlen),
    .m_axi_mem26_arsize(mem26_arsize),
    .m_axi_mem26_arburst(mem26_arburst),
    .m_axi_mem26_arvalid(mem26_arvalid),
    .m_axi_mem26_arready(mem26_arready),
    .m_axi_mem26_rid(mem26_rid),
    .m_axi_mem26_rdata(mem26_rdata),
    .m_axi_mem26_rresp(mem26_rresp),
    .m_axi_mem26_rlast(mem26_rlast),
    .m_axi_mem26_rvalid(mem26_rvalid),
    .m_axi_mem26_rready(mem26_rready),
    .m_axi_mem27_awid(mem27_awid),
    .m_axi_mem27_awaddr(mem27_awaddr),
    .m_axi_mem27_awlen(mem27_awlen),
    .m_axi_mem27_awsize(mem27_awsize),
    .m_axi_mem27_awburst(mem27_awburst),
    .m_axi_mem27_awvalid(mem27_awvalid),
    .m_axi_mem27_awready(mem27_awready),
    .m_axi_mem27_wdata(mem27_wdata),
    .m_axi_mem27_wstrb(mem27_wstrb),
    .m_axi_mem27_wlast(mem27_wlast),
    .m_axi_mem27_wvalid(mem27_wvalid),
    .m_axi_mem27_wready(mem27_wready),
    .m_axi_mem27_bid(mem27_bid),
    .m_axi_mem27_bresp(mem27_bresp),
    .m_axi_mem27_bvalid(mem27_bvalid),
    .m_axi_mem27_bready(mem27_bready),
    .m_axi_mem27_arid(mem27_arid),
    .m_axi_mem27_araddr(mem27_araddr),
    .m_axi_mem27_arlen(mem27_arlen),
    .m_axi_mem27_arsize(mem27_arsize),
    .m_axi_mem27_arburst(mem27_arburst),
    .m_axi_mem27_arvalid(mem27_arvalid),
    .m_axi_mem27_arready(mem27_arready),
    .m_axi_mem27_rid(mem27_rid),
    .m_axi_mem27_rdata(mem27_rdata),
    .m_axi_mem27_rresp(mem27_rresp),
    .m_axi_mem27_rlast(mem27_rlast),
    .m_axi_mem27_rvalid(mem27_rvalid),
    .m_axi_mem27_rready(mem27_rready),
    .m_axi_mem28_awid(mem28_awid),
    .m_axi_mem28_awaddr(mem28_awaddr),
    .m_axi_mem28_awlen(mem28_awlen),
    .m_axi_mem28_awsize(mem28_awsize),
    .m_axi_mem28_awburst(mem28_awburst),
    .m_axi_mem28_awvalid(mem28_awvalid),
    .m_axi_mem28_awready(mem28_awready),
    .m_axi_mem28_wdata(mem28_wdata),
    .m_axi_mem28_wstrb(mem28_wstrb),
    .m_axi_mem28_wlast(mem28_wlast),
    .m_axi_mem28_wvalid(mem28_wvalid),
    .m_axi_mem28_wready(mem28_wready),
    .m_axi_mem28_bid(mem28_bid),
    .m_axi_mem28_bresp(mem28_bresp),
    .m_axi_mem28_bvalid(mem28_bvalid),
    .m_axi_mem28_bready(mem28_bready),
    .m_axi_mem28_arid(mem28_arid),
    .m_axi_mem28_araddr(mem28_araddr),
    .m_axi_mem28_arlen(mem28_arlen),
    .m_axi_mem28_arsize(mem28_arsize),
    .m_axi_mem28_arburst(mem28_arburst),
    .m_axi_mem28_arvalid(mem28_arvalid),
    .m_axi_mem28_arready(mem28_arready),
    .m_axi_mem28_rid(mem28_rid),
    .m_axi_mem28_rdata(mem28_rdata),
    .m_axi_mem28_rresp(mem28_rresp),
    .m_axi_mem28_rlast(mem28_rlast),
    .m_axi_mem28_rvalid(mem28_rvalid),
    .m_axi_mem28_rready(mem28_rready),
    .m_axi_mem29_awid(mem29_awid),
    .m_axi_mem29_awaddr(mem29_awaddr),
    .m_axi_mem29_awlen(mem29_awlen),
    .m_axi_mem29_awsize(mem29_awsize),
    .m_axi_mem29_awburst(mem29_awburst),
    .m_axi_mem29_awvalid(mem29_awvalid),
    .m_axi_mem29_awready(mem29_awready),
    .m_axi_mem29_wdata(mem29_wdata),
    .m_axi_mem29_wstrb(mem29_wstrb),
    .m_axi_mem29_wlast(mem29_wlast),
    .m_axi_mem29_wvalid(mem29_wvalid),
    .m_axi_mem29_wready(mem29_wready),
    .m_axi_mem29_bid(mem29_bid),
    .m_axi_mem29_bresp(mem29_bresp),
    .m_axi_mem29_bvalid(mem29_bvalid),
    .m_axi_mem29_bready(mem29_bready),
    .m_axi_mem29_arid(mem29_arid),
    .m_axi_mem29_araddr(mem29_araddr),
    .m_axi_mem29_arlen(mem29_arlen),
    .m_axi_mem29_arsize(mem29_arsize),
    .m_axi_mem29_arburst(mem29_arburst),
    .m_axi_mem29_arvalid(mem29_arvalid),
    .m_axi_mem29_arready(mem29_arready),
    .m_axi_mem29_rid(mem29_rid),
    .m_axi_mem29_rdata(mem29_rdata),
    .m_axi_mem29_rresp(mem29_rresp),
    .m_axi_mem29_rlast(mem29_rlast),
    .m_axi_mem29_rvalid(mem29_rvalid),
    .m_axi_mem29_rready(mem29_rready),
    .m_axi_mem30_awid(mem30_awid),
    .m_axi_mem30_awaddr(mem30_awaddr),
    .m_axi_mem30_awlen(mem30_awlen),
    .m_axi_mem30_awsize(mem30_awsize),
    .m_axi_mem30_awburst(mem30_awburst),
    .m_axi_mem30_awvalid(mem30_awvalid),
    .m_axi_mem30_awready(mem30_awready),
    .m_axi_mem30_wdata(mem30_wdata),
    .m_axi_mem30_wstrb(mem30_wstrb),
    .m_axi_mem30_wlast(mem30_wlast),
    .m_axi_mem30_wvalid(mem30_wvalid),
    .m_axi_mem30_wready(mem30_wready),
    .m_axi_mem30_bid(mem30_bid),
    .m_axi_mem30_bresp(mem30_bresp),
    .m_axi_mem30_bvalid(mem30_bvalid),
    .m_axi_mem30_bready(mem30_bready),
    .m_axi_mem30_arid(mem30_arid),
    .m_axi_mem30_araddr(mem30_araddr),
    .m_axi_mem30_arlen(mem30_arlen),
    .m_axi_mem30_arsize(mem30_arsize),
    .m_axi_mem30_arburst(mem30_arburst),
    .m_axi_mem30_arvalid(mem30_arvalid),
    .m_axi_mem30_arready(mem30_arready),
    .m_axi_mem30_rid(mem30_rid),
    .m_axi_mem30_rdata(mem30_rdata),
    .m_axi_mem30_rresp(mem30_rresp),
    .m_axi_mem30_rlast(mem30_rlast),
    .m_axi_mem30_rvalid(mem30_rvalid),
    .m_axi_mem30_rready(mem30_rready),
    .m_axi_mem31_awid(mem31_awid),
    .m_axi_mem31_awaddr(mem31_awaddr),
    .m_axi_mem31_awlen(mem31_awlen),
    .m_axi_mem31_awsize(mem31_awsize),
    .m_axi_mem31_awburst(mem31_awburst),
    .m_axi_mem31_awvalid(mem31_awvalid),
    .m_axi_mem31_awready(mem31_awready),
    .m_axi_mem31_wdata(mem31_wdata),
    .m_axi_mem31_wstrb(mem31_wstrb),
    .m_axi_mem31_wlast(mem31_wlast),
    .m_axi_mem31_wvalid(mem31_wvalid),
    .m_axi_mem31_wready(mem31_wready),
    .m_axi_mem31_bid(mem31_bid),
    .m_axi_mem31_bresp(mem31_bresp),
    .m_axi_mem31_bvalid(mem31_bvalid),
    .m_axi_mem31_bready(mem31_bready),
    .m_axi_mem31_arid(mem31_arid),
    .m_axi_mem31_araddr(mem31_araddr),
    .m_axi_mem31_arlen(mem31_arlen),
    .m_axi_mem31_arsize(mem31_arsize),
    .m_axi_mem31_arburst(mem31_arburst),
    .m_axi_mem31_arvalid(mem31_arvalid),
    .m_axi_mem31_arready(mem31_arready),
    .m_axi_mem31_rid(mem31_rid),
    .m_axi_mem31_rdata(mem31_rdata),
    .m_axi_mem31_rresp(mem31_rresp),
    .m_axi_mem31_rlast(mem31_rlast),
    .m_axi_mem31_rvalid(mem31_rvalid),
    .m_axi_mem31_rready(mem31_rready)
  );
endmodule

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

// A board top of shape `toy` that only copies: 64 bytes of host memory -> board memory -> host memory -> interrupt 5.
// For the tests of the Verilated board: it has the ports of a real top and errors that can be planted (register 0x2c).
module copier (
    input  wire         clk,
    input  wire         rst,
    input  wire [31:0]  build_stamp,
    /* verilator lint_off UNUSEDSIGNAL */
    input  wire [2:0]   test_faults,
    /* verilator lint_on UNUSEDSIGNAL */
    output reg          irq_valid,
    output wire [7:0]   irq_vector,

    input  wire [15:0]  s_axil_awaddr,
    input  wire         s_axil_awvalid,
    output wire         s_axil_awready,
    input  wire [31:0]  s_axil_wdata,
    input  wire [3:0]   s_axil_wstrb,
    input  wire         s_axil_wvalid,
    output wire         s_axil_wready,
    output wire [1:0]   s_axil_bresp,
    output reg          s_axil_bvalid,
    input  wire         s_axil_bready,
    input  wire [15:0]  s_axil_araddr,
    input  wire         s_axil_arvalid,
    output wire         s_axil_arready,
    output reg  [31:0]  s_axil_rdata,
    output wire [1:0]   s_axil_rresp,
    output reg          s_axil_rvalid,
    input  wire         s_axil_rready,

    output wire [3:0]   m_axi_host_awid,
    output wire [63:0]  m_axi_host_awaddr,
    output wire [7:0]   m_axi_host_awlen,
    output wire [2:0]   m_axi_host_awsize,
    output wire [1:0]   m_axi_host_awburst,
    output reg          m_axi_host_awvalid,
    input  wire         m_axi_host_awready,
    output wire [127:0] m_axi_host_wdata,
    output wire [15:0]  m_axi_host_wstrb,
    output wire         m_axi_host_wlast,
    output reg          m_axi_host_wvalid,
    input  wire         m_axi_host_wready,
    input  wire [3:0]   m_axi_host_bid,
    input  wire [1:0]   m_axi_host_bresp,
    input  wire         m_axi_host_bvalid,
    output wire         m_axi_host_bready,
    output wire [3:0]   m_axi_host_arid,
    output wire [63:0]  m_axi_host_araddr,
    output wire [7:0]   m_axi_host_arlen,
    output wire [2:0]   m_axi_host_arsize,
    output wire [1:0]   m_axi_host_arburst,
    output reg          m_axi_host_arvalid,
    input  wire         m_axi_host_arready,
    input  wire [3:0]   m_axi_host_rid,
    input  wire [127:0] m_axi_host_rdata,
    input  wire [1:0]   m_axi_host_rresp,
    input  wire         m_axi_host_rlast,
    input  wire         m_axi_host_rvalid,
    output wire         m_axi_host_rready,

    output wire         m_axi_mem0_awid,
    output wire [39:0]  m_axi_mem0_awaddr,
    output wire [7:0]   m_axi_mem0_awlen,
    output wire [2:0]   m_axi_mem0_awsize,
    output wire [1:0]   m_axi_mem0_awburst,
    output reg          m_axi_mem0_awvalid,
    input  wire         m_axi_mem0_awready,
    output wire [255:0] m_axi_mem0_wdata,
    output wire [31:0]  m_axi_mem0_wstrb,
    output wire         m_axi_mem0_wlast,
    output reg          m_axi_mem0_wvalid,
    input  wire         m_axi_mem0_wready,
    input  wire         m_axi_mem0_bid,
    input  wire [1:0]   m_axi_mem0_bresp,
    input  wire         m_axi_mem0_bvalid,
    output wire         m_axi_mem0_bready,
    output wire         m_axi_mem0_arid,
    output wire [39:0]  m_axi_mem0_araddr,
    output wire [7:0]   m_axi_mem0_arlen,
    output wire [2:0]   m_axi_mem0_arsize,
    output wire [1:0]   m_axi_mem0_arburst,
    output reg          m_axi_mem0_arvalid,
    input  wire         m_axi_mem0_arready,
    input  wire         m_axi_mem0_rid,
    input  wire [255:0] m_axi_mem0_rdata,
    input  wire [1:0]   m_axi_mem0_rresp,
    input  wire         m_axi_mem0_rlast,
    input  wire         m_axi_mem0_rvalid,
    output wire         m_axi_mem0_rready
);
    // Registers: 0x00 build stamp, 0x20/0x24 source, 0x28 destination (low half, as the source's page), 0x2c planted
    // error, 0x84 status, 0x1000 doorbell.
    reg [31:0] source_low, source_high, destination_low, plant;
    reg [15:0] write_address;
    reg [31:0] write_data;
    reg        have_address, have_data;
    reg        start, failed;
    reg [3:0]  state;
    reg [1:0]  beat;
    reg [511:0] line;

    assign s_axil_awready = !have_address;
    assign s_axil_wready = !have_data;
    assign s_axil_bresp = 2'd0;
    assign s_axil_rresp = 2'd0;
    // A ready that depends on its valid without a register between.
    assign s_axil_arready = s_axil_arvalid && !s_axil_rvalid;
    assign irq_vector = 8'd5;

    assign m_axi_host_arid = 4'd3;
    assign m_axi_host_araddr = {source_high, source_low} + (plant == 32'd1 ? 64'd8 : 64'd0);
    assign m_axi_host_arlen = 8'd3;
    assign m_axi_host_arsize = 3'd4;
    assign m_axi_host_arburst = 2'd1;
    assign m_axi_host_rready = state == 4'd2;
    assign m_axi_host_awid = 4'd2;
    assign m_axi_host_awaddr = {source_high, destination_low};
    assign m_axi_host_awlen = 8'd3;
    assign m_axi_host_awsize = 3'd4;
    assign m_axi_host_awburst = 2'd1;
    assign m_axi_host_wdata = line[128 * beat +: 128];
    assign m_axi_host_wstrb = 16'hffff;
    assign m_axi_host_wlast = beat == 2'd3;
    assign m_axi_host_bready = 1'b1;

    assign m_axi_mem0_awid = 1'b0;
    assign m_axi_mem0_awaddr = 40'h40;
    assign m_axi_mem0_awlen = 8'd1;
    assign m_axi_mem0_awsize = 3'd5;
    assign m_axi_mem0_awburst = 2'd1;
    assign m_axi_mem0_wdata = beat[0] ? line[511:256] : line[255:0];
    assign m_axi_mem0_wstrb = 32'hffffffff;
    assign m_axi_mem0_wlast = beat[0];
    assign m_axi_mem0_bready = 1'b1;
    assign m_axi_mem0_arid = 1'b1;
    assign m_axi_mem0_araddr = 40'h40;
    assign m_axi_mem0_arlen = 8'd1;
    assign m_axi_mem0_arsize = 3'd5;
    assign m_axi_mem0_arburst = 2'd1;
    assign m_axi_mem0_rready = state == 4'd6;

    always @(posedge clk) begin
        irq_valid <= 1'b0;
        start <= 1'b0;
        if (s_axil_awvalid && s_axil_awready) begin
            write_address <= s_axil_awaddr;
            have_address <= 1'b1;
        end
        if (s_axil_wvalid && s_axil_wready) begin
            write_data <= s_axil_wdata;
            have_data <= 1'b1;
        end
        if (s_axil_bvalid && s_axil_bready) s_axil_bvalid <= 1'b0;
        if (have_address && have_data && !s_axil_bvalid) begin
            have_address <= 1'b0;
            have_data <= 1'b0;
            s_axil_bvalid <= 1'b1;
            case (write_address)
                16'h20: source_low <= write_data;
                16'h24: source_high <= write_data;
                16'h28: destination_low <= write_data;
                16'h2c: plant <= write_data;
                16'h30: irq_valid <= 1'b1;
                16'h1000: start <= 1'b1;
                16'h1004: if (write_data == 32'd7) $stop;
                default: ;
            endcase
        end
        if (s_axil_rvalid && s_axil_rready) s_axil_rvalid <= 1'b0;
        if (s_axil_arvalid && s_axil_arready) begin
            s_axil_rvalid <= 1'b1;
            case (s_axil_araddr)
                16'h00: s_axil_rdata <= build_stamp;
                16'h20: s_axil_rdata <= source_low;
                16'h28: s_axil_rdata <= destination_low;
                16'h84: s_axil_rdata <= {31'd0, state == 4'd0};
                16'h88: s_axil_rdata <= {31'd0, failed};
                default: s_axil_rdata <= 32'd0;
            endcase
        end
        case (state)
            4'd0: if (start) begin
                m_axi_host_arvalid <= 1'b1;
                failed <= 1'b0;
                beat <= 2'd0;
                state <= 4'd1;
            end
            4'd1: if (m_axi_host_arready) begin
                m_axi_host_arvalid <= 1'b0;
                state <= 4'd2;
            end
            4'd2: if (m_axi_host_rvalid) begin
                line[128 * beat +: 128] <= m_axi_host_rdata;
                failed <= failed || m_axi_host_rresp != 2'd0 || m_axi_host_rid != 4'd3;
                beat <= beat + 2'd1;
                if (m_axi_host_rlast) begin
                    m_axi_mem0_awvalid <= 1'b1;
                    m_axi_mem0_wvalid <= 1'b1;
                    beat <= 2'd0;
                    state <= 4'd3;
                end
            end
            4'd3: begin
                if (m_axi_mem0_awready) m_axi_mem0_awvalid <= 1'b0;
                if (m_axi_mem0_wready && m_axi_mem0_wvalid) begin
                    beat <= beat + 2'd1;
                    if (m_axi_mem0_wlast) m_axi_mem0_wvalid <= 1'b0;
                end
                if (!m_axi_mem0_awvalid && !m_axi_mem0_wvalid) state <= 4'd4;
            end
            // Planted: the read does not wait for the write's response.
            4'd4: if (m_axi_mem0_bvalid || plant == 32'd2) begin
                m_axi_mem0_arvalid <= 1'b1;
                beat <= 2'd0;
                state <= 4'd5;
            end
            4'd5: if (m_axi_mem0_arready) begin
                m_axi_mem0_arvalid <= 1'b0;
                state <= 4'd6;
            end
            4'd6: if (m_axi_mem0_rvalid) begin
                line[256 * beat[0] +: 256] <= m_axi_mem0_rdata;
                failed <= failed || m_axi_mem0_rresp != 2'd0 || !m_axi_mem0_rid;
                beat <= beat + 2'd1;
                if (m_axi_mem0_rlast) begin
                    m_axi_host_awvalid <= 1'b1;
                    m_axi_host_wvalid <= 1'b1;
                    beat <= 2'd0;
                    state <= 4'd7;
                end
            end
            4'd7: begin
                if (m_axi_host_awready) m_axi_host_awvalid <= 1'b0;
                if (m_axi_host_wready && m_axi_host_wvalid) begin
                    beat <= beat + 2'd1;
                    if (m_axi_host_wlast) m_axi_host_wvalid <= 1'b0;
                end
                // Planted: the interrupt does not wait for the write's response.
                if (plant == 32'd3 && !m_axi_host_wvalid && !m_axi_host_awvalid) begin
                    irq_valid <= 1'b1;
                    state <= 4'd8;
                end
                if (m_axi_host_bvalid) begin
                    failed <= failed || m_axi_host_bresp != 2'd0 || m_axi_host_bid != 4'd2;
                    irq_valid <= 1'b1;
                    state <= 4'd0;
                end
            end
            default: if (m_axi_host_bvalid) state <= 4'd0;
        endcase
        if (rst) begin
            state <= 4'd0;
            irq_valid <= 1'b0;
            start <= 1'b0;
            plant <= 32'd0;
            have_address <= 1'b0;
            have_data <= 1'b0;
            s_axil_bvalid <= 1'b0;
            s_axil_rvalid <= 1'b0;
            m_axi_host_awvalid <= 1'b0;
            m_axi_host_wvalid <= 1'b0;
            m_axi_host_arvalid <= 1'b0;
            m_axi_mem0_awvalid <= 1'b0;
            m_axi_mem0_wvalid <= 1'b0;
            m_axi_mem0_arvalid <= 1'b0;
        end
    end
endmodule

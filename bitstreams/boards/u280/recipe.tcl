# From the lists to a bitstream: vivado -mode batch -source recipe.tcl, in this folder.
# Before: goldilane emit u280 --out ../../u280/rtl
# The two vendor modules are made here; their stubs are left out.

create_project -force goldilane_u280 build -part xcu280-fsvh2892-2L-e
foreach line [split [read [open files.f]] "\n"] {
  if {$line eq "" || [string match "//*" $line] || [string match "*stub*" $line]} { continue }
  add_files -norecurse $line
}
add_files -norecurse [glob ../../u280/rtl/*.hex]
add_files -fileset constrs_1 u280.xdc

# PCIe Gen3 x16 as a bridge: BAR0 (8 KiB) at 0x00000 and BAR4 (4 KiB, MSI-X table and pending bits) at 0x10000.
create_ip -name xdma -vendor xilinx.com -library ip -module_name xdma_0
set_property -dict [list \
  CONFIG.functional_mode {AXI_Bridge} CONFIG.mode_selection {Advanced} \
  CONFIG.pl_link_cap_max_link_width {X16} CONFIG.pl_link_cap_max_link_speed {8.0_GT/s} \
  CONFIG.axi_data_width {512_bit} CONFIG.axisten_freq {250} CONFIG.axi_addr_width {64} CONFIG.axi_id_width {4} \
  CONFIG.vendor_id {60d1} CONFIG.pf0_device_id {1a4e} CONFIG.pf0_revision_id {01} \
  CONFIG.pf0_base_class_menu {Processing_accelerators} CONFIG.pf0_class_code {120000} \
  CONFIG.pf0_bar0_enabled {true} CONFIG.pf0_bar0_scale {Kilobytes} CONFIG.pf0_bar0_size {8} \
  CONFIG.pciebar2axibar_0 {0x0000000000000000} \
  CONFIG.pf0_bar4_enabled {true} CONFIG.pf0_bar4_scale {Kilobytes} CONFIG.pf0_bar4_size {4} \
  CONFIG.pciebar2axibar_4 {0x0000000000010000} \
  CONFIG.pf0_msix_enabled {true} CONFIG.pf0_msix_cap_table_size {003} \
  CONFIG.pf0_msix_cap_table_bir {BAR_4} CONFIG.pf0_msix_cap_table_offset {00000000} \
  CONFIG.pf0_msix_cap_pba_bir {BAR_4} CONFIG.pf0_msix_cap_pba_offset {00000800} \
  CONFIG.axibar_num {1} CONFIG.axibar_0 {0x0000000000000000} CONFIG.axibar_highaddr_0 {0xffffffffffffffff} \
] [get_ips xdma_0]

# HBM: both stacks, 32 ports, straight to their channels, no parity towards the user.
create_ip -name hbm -vendor xilinx.com -library ip -module_name hbm_0
set_property -dict [list \
  CONFIG.USER_HBM_DENSITY {8GB} CONFIG.USER_HBM_STACK {2} \
  CONFIG.USER_SWITCH_ENABLE_00 {FALSE} CONFIG.USER_SWITCH_ENABLE_01 {FALSE} \
  CONFIG.USER_AXI_INPUT_CLK_FREQ {300} CONFIG.USER_AXI_INPUT_CLK1_FREQ {300} \
] [get_ips hbm_0]

generate_target all [get_ips]
set_property top goldilane_board_u280 [current_fileset]
set_property generic BUILD_STAMP=32'h[format %08x [clock seconds]] [current_fileset]
# Registers that are alike are trees: merged, they would have many loads again. Those that matter carry an attribute.
set_property STEPS.SYNTH_DESIGN.ARGS.KEEP_EQUIVALENT_REGISTERS true [get_runs synth_1]
set_property STEPS.PHYS_OPT_DESIGN.IS_ENABLED true [get_runs impl_1]
launch_runs impl_1 -to_step write_bitstream -jobs 8
wait_on_run impl_1

# Alveo U280 (xcu280-fsvh2892-2L-e): pins, clocks, crossings. Compare the pins with the card's own list before use.

set_property CONFIG_VOLTAGE 1.8 [current_design]
set_property CONFIG_MODE SPIx4 [current_design]
set_property BITSTREAM.GENERAL.COMPRESS TRUE [current_design]
set_property BITSTREAM.CONFIG.SPI_BUSWIDTH 4 [current_design]
set_property BITSTREAM.CONFIG.UNUSEDPIN Pullup [current_design]

# PCIe: the lanes are placed by the bridge.
set_property PACKAGE_PIN AR15 [get_ports pcie_refclk_p]
set_property PACKAGE_PIN AR14 [get_ports pcie_refclk_n]
create_clock -name pcie_refclk -period 10.000 [get_ports pcie_refclk_p]
set_property -dict {PACKAGE_PIN BH26 IOSTANDARD LVCMOS18 PULLUP true} [get_ports pcie_perst_n]
set_false_path -from [get_ports pcie_perst_n]

# 100 MHz of the card.
set_property -dict {PACKAGE_PIN BJ43 IOSTANDARD LVDS} [get_ports sysclk_p]
set_property -dict {PACKAGE_PIN BJ44 IOSTANDARD LVDS} [get_ports sysclk_n]
create_clock -name sysclk -period 10.000 [get_ports sysclk_p]

# 1 cuts the card's power: low unless a stack is too hot.
set_property -dict {PACKAGE_PIN D32 IOSTANDARD LVCMOS18 PULLDOWN true} [get_ports hbm_cattrip]
set_false_path -to [get_ports hbm_cattrip]

# The clock of the bridge and the clocks of the card know nothing of each other, but no clock group says so: a group would
# win over every set_max_delay between its clocks. So each kind of crossing has its bound here, and a path between the
# clocks that is none of them is timed as any other, which it does not meet: it is seen.
set bridge_clock [get_clocks -of_objects [get_pins u_pcie/axi_aclk]]
set core_clock [get_clocks -of_objects [get_pins u_clocks/CLKOUT0]]

# Positions of async_fifo, to the first register of the other clock, both ways. A Gray code must not be torn: its bits
# arrive less than a period of the faster clock (3.333 ns) apart. Its top bit is that of the position itself, and may be
# made by the same register.
set position [get_pins -hier -filter \
  {NAME =~ u_*_crossing/*_gray_reg[*]/C || NAME =~ u_*_crossing/*_at_reg[*]/C}]
set seen [get_pins -hier -filter {NAME =~ u_*_crossing/*_seen_1_reg[*]/D}]
set_max_delay -datapath_only 3.0 -from $bridge_clock -to $seen
set_max_delay -datapath_only 3.0 -from $core_clock -to $seen
set_bus_skew 3.0 -from $position -to $seen

# Words of async_fifo: written with the one clock, read without a register of their own into whatever takes them with the
# other, both ways. A word is written with its position, which is seen behind two registers, and is taken a clock later:
# it must stand within two periods of its reader, of which the shorter are 6.667 ns. The read address is of the reader's
# own clock.
set_max_delay -datapath_only 6.0 \
  -from [get_pins -hier -filter {NAME =~ u_*_crossing/*store_reg* && IS_CLOCK && IS_LEAF}]

# Resets begin without a clock and end with one, see reset_bridge.v.
set_false_path -to [get_pins -hier -filter {NAME =~ u_*_reset/stages_reg[*]/PRE}]

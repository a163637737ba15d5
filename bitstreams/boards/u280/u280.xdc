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

# The clock of the bridge and the clocks of the card know nothing of each other.
set_clock_groups -asynchronous \
  -group [get_clocks -of_objects [get_pins u_pcie/axi_aclk]] \
  -group [get_clocks -include_generated_clocks sysclk]

# Crossings: a Gray code must not be torn, and the word behind it must stand when its position is seen.
set_max_delay -datapath_only 3.0 -from [get_pins -hier -filter {NAME =~ *_gray_reg[*]/C}] \
  -to [get_pins -hier -filter {NAME =~ *_seen_1_reg[*]/D}]
set_bus_skew 3.0 -from [get_pins -hier -filter {NAME =~ *_gray_reg[*]/C}] \
  -to [get_pins -hier -filter {NAME =~ *_seen_1_reg[*]/D}]
set_false_path -to [get_pins -hier -filter {NAME =~ u_*_reset/stages_reg[*]/PRE}]

// clock_gate
// The clock gate of UltraScale+, in the place of the general one: the same module name and ports, the same clock.
// SPDX-License-Identifier: MIT OR Apache-2.0
`default_nettype none

module clock_gate (
  input wire clk,
  input wire enable,
  output wire gated
);
  BUFGCE #(.CE_TYPE("SYNC")) u_gate (.I(clk), .CE(enable), .O(gated));
endmodule

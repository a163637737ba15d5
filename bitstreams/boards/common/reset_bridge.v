// reset_bridge
// A reset that is active at once and ends with a clock edge.
// SPDX-License-Identifier: MIT OR Apache-2.0
`default_nettype none

module reset_bridge (
  input wire clk,
  input wire async_reset_n,
  output wire rst
);
  (* ASYNC_REG = "TRUE" *) reg [3:0] stages;
  assign rst = stages[3];
  always @(posedge clk or negedge async_reset_n)
    if (!async_reset_n) stages <= 4'hf;
    else stages <= {stages[2:0], 1'b0};
endmodule

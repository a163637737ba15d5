// tb_external_product
// One external product: digit polynomials in feeding order, key rows as they are asked for, words out.
module tb_external_product #(
  // Prints the verdict and finishes by itself.
  parameter bit ALONE = 1'b1
);
  localparam int LANES = {{LANES}};
  localparam int ROWS = {{ROWS}};
  localparam int OUTPUTS = {{OUTPUTS}};
  localparam int POLYNOMIALS = {{POLYNOMIALS}};
  localparam int DIGIT_BITS = {{DIGIT_BITS}};
  localparam int INDEX_BITS = {{INDEX_BITS}};
  // Clocks from the request of a key row to its words.
  localparam int KEY_LEAD = {{KEY_LEAD}};
  localparam int RESET_CLOCKS = 16;
  localparam int BEGIN = 32;
  // A run of more clocks hangs.
  localparam int LIMIT = {{LIMIT}};

  // Rows in the order of time, lanes fastest; key rows: output polynomial, then lane.
  logic [DIGIT_BITS-1:0] digits [0:POLYNOMIALS*ROWS*LANES-1];
  logic [63:0] key_words [0:POLYNOMIALS*ROWS*OUTPUTS*LANES-1];
  logic [63:0] expected [0:OUTPUTS*ROWS*LANES-1];
  initial begin
    $readmemh("tb_product_digits.hex", digits);
    $readmemh("tb_product_key.hex", key_words);
    $readmemh("tb_product_expected.hex", expected);
  end

  logic clk = 1'b0;
  always #5 clk = ~clk;
  logic rst = 1'b1;
  int clock = 0;
  logic done = 1'b0;

  logic start = 1'b0;
  logic first = 1'b0;
  logic last = 1'b0;
  logic [DIGIT_BITS-1:0] digit [0:LANES-1];
  logic [63:0] key [0:OUTPUTS*LANES-1];
  logic key_valid;
  logic [INDEX_BITS-1:0] key_index;
  logic out_valid;
  logic [{{POLY_BITS}}-1:0] out_poly;
  logic [{{ROW_BITS}}-1:0] out_row;
  logic [63:0] word [0:LANES-1];

  external_product u_external_product (
{{CONNECTIONS}}
  );

  // Digits: all polynomials without a gap.
  always @(posedge clk) begin
    clock <= clock + 1;
    rst <= clock < RESET_CLOCKS;
    start <= 1'b0;
    first <= 1'b0;
    last <= 1'b0;
    if (clock >= BEGIN && clock < BEGIN + POLYNOMIALS * ROWS) begin
      start <= (clock - BEGIN) % ROWS == 0;
      first <= clock == BEGIN;
      last <= clock == BEGIN + (POLYNOMIALS - 1) * ROWS;
      for (int lane = 0; lane < LANES; lane++)
        digit[lane] <= digits[(clock - BEGIN) * LANES + lane];
    end
  end

  // Key rows: the number of the row on its way for KEY_LEAD clocks, then its words; all ones where none was asked for.
  int asked [0:KEY_LEAD-1];
  always @(posedge clk) begin
    asked[0] <= key_valid ? int'(key_index) : -1;
    for (int i = 1; i < KEY_LEAD; i++)
      asked[i] <= asked[i-1];
  end
  always_comb begin
    for (int i = 0; i < OUTPUTS * LANES; i++)
      key[i] = asked[KEY_LEAD-1] < 0 ? '1 : key_words[asked[KEY_LEAD-1] * OUTPUTS * LANES + i];
  end

  // Words: all rows of all outputs, in order.
  int rows_seen = 0;
  always @(posedge clk) begin
    if (clock > BEGIN && out_valid) begin
      if (rows_seen == OUTPUTS * ROWS)
        $fatal(1, "FAIL: external product: more than %0d rows", rows_seen);
      if (int'(out_poly) != rows_seen / ROWS || int'(out_row) != rows_seen % ROWS)
        $fatal(1, "FAIL: external product: row %0d says that it is row %0d of output %0d",
               rows_seen, out_row, out_poly);
      for (int lane = 0; lane < LANES; lane++)
        if (word[lane] !== expected[rows_seen * LANES + lane])
          $fatal(1, "FAIL: external product: output %0d, row %0d, lane %0d: %h, expected %h",
                 out_poly, out_row, lane, word[lane], expected[rows_seen * LANES + lane]);
      rows_seen <= rows_seen + 1;
    end
    if (rows_seen == OUTPUTS * ROWS && !done) begin
      done <= 1'b1;
      $display("external product: %0d words agree after %0d clocks", OUTPUTS * ROWS * LANES, clock);
      if (ALONE) begin
        $display("PASS");
        $finish;
      end
    end
    if (clock == LIMIT && !done)
      $fatal(1, "FAIL: external product: %0d of %0d rows after %0d clocks",
             rows_seen, OUTPUTS * ROWS, clock);
  end
endmodule

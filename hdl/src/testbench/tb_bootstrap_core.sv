// tb_bootstrap_core
// One bootstrap with a short key, in the place of the shell: input words, lines of board memory, results.
module tb_bootstrap_core #(
  // Prints the verdict and finishes by itself.
  parameter bit ALONE = 1'b1
);
{{PARAMETERS}}
  localparam int RESET_CLOCKS = 16;
  localparam int EXPECTED_WORDS = KEY_SWITCH_WORDS + MOD_SWITCH_WORDS + ACCUMULATOR_WORDS + EXTRACT_WORDS;
  localparam int MEMORY_LINES = DIMENSION * GGSW_LINES + (DIMENSION + 1) * COLUMN_LINES + TABLE_LINES;

  logic [63:0] lwe [0:LWE_WORDS-1];
  // The lines of all GGSWs, of all key-switch columns, of the lookup table.
  logic [63:0] memory [0:MEMORY_LINES*LINE_WORDS-1];
  // After key switch, after modulus switch, accumulator, after extract.
  logic [63:0] expected [0:EXPECTED_WORDS-1];
  initial begin
    $readmemh("tb_core_lwe.hex", lwe);
    $readmemh("tb_core_memory.hex", memory);
    $readmemh("tb_core_expected.hex", expected);
  end

  logic clk = 1'b0;
  always #5 clk = ~clk;
  logic rst = 1'b1;
  int clock = 0;
  logic done = 1'b0;

{{DECLARATIONS}}

  bootstrap_core u_bootstrap_core (
{{CONNECTIONS}}
  );

  // What happens when: input words, the batch, its end, the four streams of results.
  typedef enum int {RESET, INPUT, SUBMIT, RUN, ASK, TAKE, END} phase_t;
  phase_t phase = RESET;
  // Number of the word that goes in or comes out; number of the stream; its words so far.
  int position = 0;
  int stream = 0;
  int taken = 0;

  function automatic string stage_name(input int index);
    case (index)
      0: return "key switch";
      1: return "modulus switch";
      2: return "blind rotation";
      default: return "extract";
    endcase
  endfunction

  function automatic int stage_words(input int index);
    case (index)
      0: return KEY_SWITCH_WORDS;
      1: return MOD_SWITCH_WORDS;
      2: return ACCUMULATOR_WORDS;
      default: return EXTRACT_WORDS;
    endcase
  endfunction

  always @(posedge clk) begin
    clock <= clock + 1;
    rst <= clock < RESET_CLOCKS;
    lwe_valid <= 1'b0;
    case (phase)
      RESET: if (clock == 2 * RESET_CLOCKS) phase <= INPUT;
      INPUT: begin
        lwe_valid <= 1'b1;
        lwe_index <= $bits(lwe_index)'(position);
        for (int i = 0; i < BEAT_WORDS; i++)
          lwe_data[64*i +: 64] <= lwe[position + i];
        position <= position + BEAT_WORDS;
        if (position + BEAT_WORDS == LWE_WORDS) begin
          position <= 0;
          phase <= SUBMIT;
        end
      end
      SUBMIT: begin
        batch_valid <= 1'b1;
        batch_fill <= $bits(batch_fill)'(1);
        batch_steps <= $bits(batch_steps)'(DIMENSION);
        batch_n <= $bits(batch_n)'(DIMENSION);
        batch_ks_base_log <= $bits(batch_ks_base_log)'(KS_BASE_LOG);
        batch_ks_levels <= $bits(batch_ks_levels)'(KS_LEVELS);
        batch_pbs_base_log <= $bits(batch_pbs_base_log)'(PBS_BASE_LOG);
        batch_pbs_levels <= $bits(batch_pbs_levels)'(PBS_LEVELS);
        batch_bsk_line <= GGSW_LINE;
        batch_bsk_crc_line <= GGSW_CRC_LINE;
        batch_ksk_line <= COLUMN_LINE;
        batch_ksk_crc_line <= COLUMN_CRC_LINE;
        batch_lut_line[31:0] <= TABLE_LINE;
        if (batch_valid && batch_ready) begin
          batch_valid <= 1'b0;
          phase <= RUN;
        end
      end
      RUN: if (batch_done) begin
        if (batch_error != '0)
          $fatal(1, "FAIL: bootstrap: batch_error is %b", batch_error);
        phase <= ASK;
      end
      ASK: begin
        read_valid <= 1'b1;
        // 0 extract, 1 key switch, 2 modulus switch, 3 accumulator.
        read_kind <= $bits(read_kind)'(stream + 1);
        read_offset <= stream == 3 ? $bits(read_offset)'(DEGREE) : '0;
        if (read_valid && read_ready) begin
          read_valid <= 1'b0;
          phase <= TAKE;
        end
      end
      TAKE: begin
        // Taken in two of four clocks.
        result_ready <= clock[1];
        if (result_valid && result_ready) begin
          if (result_data !== expected[position])
            $fatal(1, "FAIL: bootstrap: after %s: word %0d is %h, expected %h",
                   stage_name(stream), taken, result_data, expected[position]);
          if (result_last != (taken == stage_words(stream) - 1))
            $fatal(1, "FAIL: bootstrap: after %s: word %0d of %0d, last is %b",
                   stage_name(stream), taken, stage_words(stream), result_last);
          position <= position + 1;
          taken <= taken + 1;
          if (result_last) begin
            result_ready <= 1'b0;
            taken <= 0;
            stream <= stream + 1;
            phase <= stream == 3 ? END : ASK;
          end
        end
      end
      default: if (!done) begin
        done <= 1'b1;
        $display("bootstrap: %0d words agree at four checkpoints after %0d clocks", position, clock);
        if (ALONE) begin
          $display("PASS");
          $finish;
        end
      end
    endcase
    if (clock == LIMIT && !done)
      $fatal(1, "FAIL: bootstrap: no end after %0d clocks (phase %s, stream %0d)",
             clock, phase.name(), stream);
  end

  // The line server. A request is a whole piece; up to three wait. Where a piece begins in the image, or an error.
  function automatic int place(input int line, input int count, input int crc_line);
    int piece;
    if (line >= TABLE_LINE) begin
      if (line == TABLE_LINE && count == TABLE_LINES && crc_line == TABLE_CRC_LINE)
        return DIMENSION * GGSW_LINES + (DIMENSION + 1) * COLUMN_LINES;
    end else if (line >= COLUMN_LINE) begin
      piece = (line - COLUMN_LINE) / COLUMN_STRIDE;
      if (piece <= DIMENSION && line == COLUMN_LINE + piece * COLUMN_STRIDE && count == COLUMN_LINES
          && crc_line == COLUMN_CRC_LINE + piece)
        return DIMENSION * GGSW_LINES + piece * COLUMN_LINES;
    end else begin
      piece = (line - GGSW_LINE) / GGSW_STRIDE;
      if (piece < DIMENSION && line == GGSW_LINE + piece * GGSW_STRIDE && count == GGSW_LINES
          && crc_line == GGSW_CRC_LINE + piece)
        return piece * GGSW_LINES;
    end
    $fatal(1, "FAIL: bootstrap: %0d lines asked for from line %0d with CRC line %0d: no such piece",
           count, line, crc_line);
    return 0;
  endfunction

  // Place of the next line and lines that are left, by request.
  int place_of [0:3];
  int left_of [0:3];
  int newest = 0;
  int oldest = 0;
  // The last line that is shown ends its request.
  logic ends = 1'b0;
  always @(posedge clk) begin
    line_req_ready <= newest - oldest < 3;
    if (line_req_valid && line_req_ready) begin
      place_of[newest % 4] <= place(int'(line_req_line), int'(line_req_count), int'(line_req_crc_line));
      left_of[newest % 4] <= int'(line_req_count);
      newest <= newest + 1;
    end
    line_check_valid <= line_valid && line_ready && ends;
    if (line_ready || !line_valid) begin
      line_valid <= 1'b0;
      if (oldest != newest) begin
        line_valid <= 1'b1;
        for (int i = 0; i < LINE_WORDS; i++)
          line_data[64*i +: 64] <= memory[place_of[oldest % 4] * LINE_WORDS + i];
        place_of[oldest % 4] <= place_of[oldest % 4] + 1;
        left_of[oldest % 4] <= left_of[oldest % 4] - 1;
        ends <= left_of[oldest % 4] == 1;
        if (left_of[oldest % 4] == 1)
          oldest <= oldest + 1;
      end
    end
  end
endmodule

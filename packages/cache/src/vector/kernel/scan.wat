;; The inner loops of flatIndex. A group is 64 vectors that are bounded together; see segment.ts for the layout.
;; Lengths of vectors are padded with zeros to a multiple of 16.
(module
  (import "flat" "memory" (memory 1))

  ;; For each of the 64 vectors of a group, an upper bound of its cosine with the query:
  ;;   (codes · query) × scale × unit + error + slack
  ;; where `codes` are the vector's 8-bit integers, those of four vectors by turns of 16, and `query` 16-bit ones. Writes the bounds and gives the greatest.
  ;; Bounds lie at bounds + 512, after 64 scales and 64 errors; all are f32.
  (func (export "bound")
    (param $codes i32) (param $bounds i32) (param $query i32) (param $length i32) (param $unit f32) (param $slack f32)
    (result f32)
    (local $sum0 v128) (local $sum1 v128) (local $sum2 v128) (local $sum3 v128)
    (local $low v128) (local $high v128) (local $units v128) (local $slacks v128) (local $greatest v128)
    (local $at i32) (local $end i32) (local $queryEnd i32)
    (local.set $units (f32x4.splat (local.get $unit)))
    (local.set $slacks (f32x4.splat (local.get $slack)))
    (local.set $greatest (f32x4.splat (f32.const -inf)))
    (local.set $queryEnd (i32.add (local.get $query) (i32.shl (local.get $length) (i32.const 1))))
    (local.set $end (i32.add (local.get $bounds) (i32.const 256)))
    (loop $fours
      (local.set $sum0 (v128.const i32x4 0 0 0 0))
      (local.set $sum1 (v128.const i32x4 0 0 0 0))
      (local.set $sum2 (v128.const i32x4 0 0 0 0))
      (local.set $sum3 (v128.const i32x4 0 0 0 0))
      (local.set $at (local.get $query))
      (loop $components
        (local.set $low (v128.load (local.get $at)))
        (local.set $high (v128.load offset=16 (local.get $at)))
        (local.set $sum0 (i32x4.add (local.get $sum0) (i32x4.add
          (i32x4.dot_i16x8_s (v128.load8x8_s (local.get $codes)) (local.get $low))
          (i32x4.dot_i16x8_s (v128.load8x8_s offset=8 (local.get $codes)) (local.get $high)))))
        (local.set $sum1 (i32x4.add (local.get $sum1) (i32x4.add
          (i32x4.dot_i16x8_s (v128.load8x8_s offset=16 (local.get $codes)) (local.get $low))
          (i32x4.dot_i16x8_s (v128.load8x8_s offset=24 (local.get $codes)) (local.get $high)))))
        (local.set $sum2 (i32x4.add (local.get $sum2) (i32x4.add
          (i32x4.dot_i16x8_s (v128.load8x8_s offset=32 (local.get $codes)) (local.get $low))
          (i32x4.dot_i16x8_s (v128.load8x8_s offset=40 (local.get $codes)) (local.get $high)))))
        (local.set $sum3 (i32x4.add (local.get $sum3) (i32x4.add
          (i32x4.dot_i16x8_s (v128.load8x8_s offset=48 (local.get $codes)) (local.get $low))
          (i32x4.dot_i16x8_s (v128.load8x8_s offset=56 (local.get $codes)) (local.get $high)))))
        (local.set $codes (i32.add (local.get $codes) (i32.const 64)))
        (br_if $components (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 32))) (local.get $queryEnd))))
      ;; Four sums of four lanes each become one vector of four sums: transpose, then add.
      (local.set $low (i32x4.add
        (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $sum0) (local.get $sum1))
        (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $sum0) (local.get $sum1))))
      (local.set $high (i32x4.add
        (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $sum2) (local.get $sum3))
        (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $sum2) (local.get $sum3))))
      (local.set $sum0 (i32x4.add
        (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $low) (local.get $high))
        (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $low) (local.get $high))))
      (local.set $sum0 (f32x4.add
        (f32x4.mul
          (f32x4.convert_i32x4_s (local.get $sum0))
          (f32x4.mul (v128.load (local.get $bounds)) (local.get $units)))
        (f32x4.add (v128.load offset=256 (local.get $bounds)) (local.get $slacks))))
      (v128.store offset=512 (local.get $bounds) (local.get $sum0))
      (local.set $greatest (f32x4.pmax (local.get $greatest) (local.get $sum0)))
      (br_if $fours
        (i32.lt_u (local.tee $bounds (i32.add (local.get $bounds) (i32.const 16))) (local.get $end))))
    (f32.max
      (f32.max (f32x4.extract_lane 0 (local.get $greatest)) (f32x4.extract_lane 1 (local.get $greatest)))
      (f32.max (f32x4.extract_lane 2 (local.get $greatest)) (f32x4.extract_lane 3 (local.get $greatest)))))

  ;; The cosine of two vectors of unit length in double precision; the vector's components are f32, the query's f64.
  ;; Eight partial sums, added up in the order that `dot` of plain-rows.ts has: both give the same bits.
  (func (export "cosine") (param $vector i32) (param $query i32) (param $length i32) (result f64)
    (local $sum0 v128) (local $sum1 v128) (local $sum2 v128) (local $sum3 v128) (local $end i32)
    (local.set $end (i32.add (local.get $vector) (i32.shl (local.get $length) (i32.const 2))))
    (loop $components
      (local.set $sum0 (f64x2.add (local.get $sum0) (f64x2.mul
        (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $vector)))
        (v128.load (local.get $query)))))
      (local.set $sum1 (f64x2.add (local.get $sum1) (f64x2.mul
        (f64x2.promote_low_f32x4 (v128.load64_zero offset=8 (local.get $vector)))
        (v128.load offset=16 (local.get $query)))))
      (local.set $sum2 (f64x2.add (local.get $sum2) (f64x2.mul
        (f64x2.promote_low_f32x4 (v128.load64_zero offset=16 (local.get $vector)))
        (v128.load offset=32 (local.get $query)))))
      (local.set $sum3 (f64x2.add (local.get $sum3) (f64x2.mul
        (f64x2.promote_low_f32x4 (v128.load64_zero offset=24 (local.get $vector)))
        (v128.load offset=48 (local.get $query)))))
      (local.set $query (i32.add (local.get $query) (i32.const 64)))
      (br_if $components
        (i32.lt_u (local.tee $vector (i32.add (local.get $vector) (i32.const 32))) (local.get $end))))
    (local.set $sum0 (f64x2.add
      (f64x2.add (local.get $sum0) (local.get $sum1))
      (f64x2.add (local.get $sum2) (local.get $sum3))))
    (f64.add (f64x2.extract_lane 0 (local.get $sum0)) (f64x2.extract_lane 1 (local.get $sum0)))))

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Mammo.Codecs.Jpeg2000;

/// <summary>
/// The three coding passes over a bit plane of a code-block (T.800, annex D). The block is scanned in stripes of four rows, column by column. Each
/// column of a stripe has one word that tells all about it: the significance of its four coefficients and of those around (three columns of six rows,
/// row by row), their signs (1 for negative) in the same places 18 bits higher, and for each own coefficient whether it was coded in this bit plane
/// and whether it was refined before. Each row is three bits above the last.
/// </summary>
internal sealed unsafe class CodingPasses
{
    private const int RowBits = 3;
    private const int SignShift = 18;
    private const int OwnShift = 4;
    private const int CodedShift = 36;
    private const int RefinedShift = 37;
    private const ulong Significance = (1ul << SignShift) - 1;

    // The significance of the four coefficients of a column themselves; shifted, whether they were coded or refined.
    private const ulong Rows = 0x2490;

    private readonly PinnedMemory<uint> _contextMemory = new(Contexts.Count);
    private readonly PinnedMemory<uint> _stateMemory = new(MqDecoder.MakeEntries());
    private readonly PinnedMemory<MqDecoder> _decoderMemory = new(1);
    private readonly PinnedMemory<byte> _signMemory = new(Contexts.Sign);
    private readonly PinnedMemory<byte> _significanceMemory = new(Contexts.Significance);
    private readonly PinnedMemory<ulong> _wordMemory = new(18 * 66);
    private readonly PinnedMemory<int> _coefficientMemory = new(64 * 64);
    private byte* _significanceContexts;
    private RawBits _raw;
    private int _reserve;
    private int _width;
    private int _height;
    private int _stride;
    private bool _isCausal;

    public CodingPasses() => *Decoder = new MqDecoder(_contextMemory.Pointer, _stateMemory.Pointer);

    /// <summary>
    /// The coefficients, stripe by stripe and column by column: the magnitude in halves of a step, of which the last bit set is the middle of what is
    /// not known yet, and the sign in bit 31.
    /// </summary>
    public Span<int> Coefficients => _coefficientMemory.Span[..((_height + 3) / 4 * 4 * _width)];

    /// <summary>The first coefficient of a row; the next ones are 4 further each.</summary>
    public int* Row(int y) => Values(y & ~3) + (y & 3);

    private MqDecoder* Decoder => _decoderMemory.Pointer;

    /// <summary>Begins a code-block, all of it zero.</summary>
    public void Begin(Orientation orientation, int width, int height, bool isCausal)
    {
        (_width, _height, _stride, _isCausal) = (width, height, width + 2, isCausal);
        var words = _stride * ((height + 3) / 4 + 2);
        _wordMemory.Grow(words);
        _wordMemory.Span[..words].Clear();
        _coefficientMemory.Grow((height + 3) / 4 * 4 * width);
        Coefficients.Clear();
        _significanceContexts = _significanceMemory.Pointer + 512 * (int)orientation;
        ResetContexts();
    }

    /// <summary>Sets all contexts to their first states (T.800, table D.7).</summary>
    public void ResetContexts()
    {
        for (var context = 0; context < Contexts.Count; context++)
            Decoder->SetContext(context, context switch { 0 => 4, Contexts.RunLength => 3, Contexts.Uniform => 46, _ => 0 });
    }

    /// <summary>Begins a codeword segment.</summary>
    /// <param name="segment">Its bytes, with two bytes FF behind them.</param>
    /// <param name="isRaw">Raw bits; else arithmetically coded.</param>
    public void StartSegment(byte* segment, bool isRaw)
    {
        if (isRaw)
            _raw = new RawBits(segment);
        else
            _reserve = Decoder->Start(segment);
    }

    /// <summary>The significance propagation pass: coefficients with significant neighbours (T.800, D.3.1 and D.3.2).</summary>
    public void Propagate(int plane)
    {
        MqDecoder* decoder = Decoder;
        uint* contexts = _contextMemory.Pointer;
        byte* significance = _significanceContexts, signs = _signMemory.Pointer;
        var reserve = _reserve;
        for (var y = 0; y < _height; y += 4)
        {
            ulong* word = Word(y);
            int* values = Values(y);
            var rows = Math.Min(4, _height - y);
            for (var x = 0; x < _width; x++, word++, values += 4)
            {
                var own = *word;
                if ((own & Significance) == 0)
                    continue;
                for (var row = 0; row < rows; row++)
                {
                    var window = own >> (RowBits * row);
                    if ((window & Contexts.Own) != 0 || (window & Contexts.Neighbours) == 0)
                        continue;
                    own |= 1ul << (CodedShift + RowBits * row);
                    if (MqDecoder.Decode(decoder, contexts + significance[window & 0x1FF], ref reserve) == 0)
                        continue;
                    var sign = signs[SignIndex(window)];
                    var isNegative = MqDecoder.Decode(decoder, contexts + (sign & 0x7F), ref reserve) ^ (sign >> 7);
                    values[row] = isNegative << 31 | 3 << plane;
                    own |= Spread(word, row, isNegative);
                }

                *word = own;
            }
        }

        _reserve = reserve;
    }

    /// <summary>The same with raw bits.</summary>
    public void PropagateRaw(int plane)
    {
        for (var y = 0; y < _height; y += 4)
        {
            ulong* word = Word(y);
            int* values = Values(y);
            var rows = Math.Min(4, _height - y);
            for (var x = 0; x < _width; x++, word++, values += 4)
            {
                var own = *word;
                for (var row = 0; row < rows; row++)
                {
                    var window = own >> (RowBits * row);
                    if ((window & Contexts.Own) != 0 || (window & Contexts.Neighbours) == 0)
                        continue;
                    own |= 1ul << (CodedShift + RowBits * row);
                    if (_raw.Bit() == 0)
                        continue;
                    var isNegative = _raw.Bit();
                    values[row] = isNegative << 31 | 3 << plane;
                    own |= Spread(word, row, isNegative);
                }

                *word = own;
            }
        }
    }

    /// <summary>The magnitude refinement pass: coefficients that became significant in an earlier bit plane (T.800, D.3.3).</summary>
    public void Refine(int plane)
    {
        MqDecoder* decoder = Decoder;
        uint* contexts = _contextMemory.Pointer + Contexts.FirstRefinement;
        var reserve = _reserve;
        for (var y = 0; y < _height; y += 4)
        {
            ulong* word = Word(y);
            int* values = Values(y);
            for (var x = 0; x < _width; x++, word++, values += 4)
            {
                var own = *word;
                var rows = Refinable(own);
                if (rows == 0)
                    continue;
                *word = own | rows << (RefinedShift - OwnShift);
                do
                {
                    var shift = BitOperations.TrailingZeroCount(rows) - OwnShift;
                    rows &= rows - 1;
                    var window = own >> shift;
                    var context = (window >> RefinedShift & 1) != 0 ? 2 : (window & Contexts.Neighbours) != 0 ? 1 : 0;
                    var bit = MqDecoder.Decode(decoder, contexts + context, ref reserve);
                    values[RowOf(shift)] += (2 * bit - 1) << plane;
                }
                while (rows != 0);
            }
        }

        _reserve = reserve;
    }

    /// <summary>The same with raw bits.</summary>
    public void RefineRaw(int plane)
    {
        for (var y = 0; y < _height; y += 4)
        {
            ulong* word = Word(y);
            int* values = Values(y);
            for (var x = 0; x < _width; x++, word++, values += 4)
            {
                var rows = Refinable(*word);
                *word |= rows << (RefinedShift - OwnShift);
                for (; rows != 0; rows &= rows - 1)
                    values[RowOf(BitOperations.TrailingZeroCount(rows) - OwnShift)] += (2 * _raw.Bit() - 1) << plane;
            }
        }
    }

    /// <summary>The cleanup pass: all coefficients that the others left out (T.800, D.3.4).</summary>
    public void CleanUp(int plane)
    {
        MqDecoder* decoder = Decoder;
        uint* contexts = _contextMemory.Pointer;
        byte* significance = _significanceContexts, signs = _signMemory.Pointer;
        var reserve = _reserve;
        for (var y = 0; y < _height; y += 4)
        {
            ulong* word = Word(y);
            int* values = Values(y);
            var stripeRows = Rows & ((1ul << (RowBits * Math.Min(4, _height - y) + 2)) - 1);
            for (var x = 0; x < _width; x++, word++, values += 4)
            {
                var own = *word;
                ulong rows;
                if (own == 0 && stripeRows == Rows)
                {
                    // One symbol tells that all four stay insignificant, as they mostly do; else two give the first that does not.
                    if (MqDecoder.Decode(decoder, contexts + Contexts.RunLength, ref reserve) == 0)
                        continue;
                    var row = MqDecoder.Decode(decoder, contexts + Contexts.Uniform, ref reserve) << 1;
                    row |= MqDecoder.Decode(decoder, contexts + Contexts.Uniform, ref reserve);
                    var sign = signs[0];
                    var isNegative = MqDecoder.Decode(decoder, contexts + (sign & 0x7F), ref reserve) ^ (sign >> 7);
                    values[row] = isNegative << 31 | 3 << plane;
                    own = Spread(word, row, isNegative);
                    rows = Rows & ulong.MaxValue << (RowBits * row + OwnShift + 1);
                }
                else
                {
                    rows = stripeRows & ~(own | own >> (CodedShift - OwnShift));
                }

                for (; rows != 0; rows &= rows - 1)
                {
                    var shift = BitOperations.TrailingZeroCount(rows) - OwnShift;
                    var window = own >> shift;
                    if (MqDecoder.Decode(decoder, contexts + significance[window & 0x1FF], ref reserve) == 0)
                        continue;
                    var sign = signs[SignIndex(window)];
                    var isNegative = MqDecoder.Decode(decoder, contexts + (sign & 0x7F), ref reserve) ^ (sign >> 7);
                    values[RowOf(shift)] = isNegative << 31 | 3 << plane;
                    own |= Spread(word, RowOf(shift), isNegative);
                }

                *word = own & ~(Rows << (CodedShift - OwnShift));
            }
        }

        _reserve = reserve;
    }

    /// <summary>Reads the four symbols behind a cleanup pass that show that nothing was damaged before (T.800, D.5).</summary>
    public void CheckSymbols()
    {
        var symbols = 0;
        for (var i = 0; i < 4; i++)
            symbols = symbols << 1 | MqDecoder.Decode(Decoder, _contextMemory.Pointer + Contexts.Uniform, ref _reserve);
        if (symbols != 0b1010)
            throw new CodecException("a code-block is damaged: its segmentation symbols are not those that belong there");
    }

    /// <summary>Those rows of a column that are significant, but not since this bit plane.</summary>
    private static ulong Refinable(ulong own) => own & ~(own >> (CodedShift - OwnShift)) & Rows;

    private static int RowOf(int shift) => shift * 11 >> 5;

    // The signs stand one place below the significance, so that each has a bit of its own.
    private static int SignIndex(ulong window) => (int)(window & Contexts.Cross | window >> (SignShift + 1) & Contexts.Cross >> 1);

    private ulong* Word(int y) => _wordMemory.Pointer + (y / 4 + 1) * _stride + 1;

    private int* Values(int y) => _coefficientMemory.Pointer + y * _width;

    /// <summary>Tells all neighbours that a coefficient is significant.</summary>
    /// <returns>What the own word is to have more.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Spread(ulong* word, int row, int isNegative)
    {
        var bits = (1ul | (ulong)(uint)isNegative << SignShift) << (RowBits * row);
        word[-1] |= bits << (OwnShift + 1);
        word[1] |= bits << (OwnShift - 1);
        if (row == 0 && !_isCausal)
            SpreadUp(word - _stride, bits);
        if (row == 3)
            SpreadDown(word + _stride, bits >> (RowBits * 3));
        return bits << OwnShift;
    }

    // Into the row below the stripe above, the sixth of its words.
    private static void SpreadUp(ulong* word, ulong bits)
    {
        word[-1] |= bits << 17;
        word[0] |= bits << 16;
        word[1] |= bits << 15;
    }

    // Into the row above the stripe below, the first of its words.
    private static void SpreadDown(ulong* word, ulong bits)
    {
        word[-1] |= bits << 2;
        word[0] |= bits << 1;
        word[1] |= bits;
    }
}

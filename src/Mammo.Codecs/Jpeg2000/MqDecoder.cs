using System.Numerics;
using System.Runtime.CompilerServices;

namespace Mammo.Codecs.Jpeg2000;

/// <summary>
/// The MQ arithmetic decoder (T.800, annex C). Most symbols are the more probable one and need no renormalisation: the interval and the code register
/// then shrink by the same Qe. How far they may, the reserve, is the only number that the coding passes hold; both registers are brought up to date
/// when it is used up.
/// </summary>
internal unsafe struct MqDecoder
{
    private const int HalfInterval = 0x8000;

    // Qe, the state after an MPS, the state after an LPS, and whether an LPS exchanges the sense of the MPS (T.800, table C.2).
    private static readonly (ushort Qe, byte Mps, byte Lps, byte Switch)[] States =
    [
        (0x5601, 1, 1, 1), (0x3401, 2, 6, 0), (0x1801, 3, 9, 0), (0x0AC1, 4, 12, 0), (0x0521, 5, 29, 0), (0x0221, 38, 33, 0),
        (0x5601, 7, 6, 1), (0x5401, 8, 14, 0), (0x4801, 9, 14, 0), (0x3801, 10, 14, 0), (0x3001, 11, 17, 0), (0x2401, 12, 18, 0),
        (0x1C01, 13, 20, 0), (0x1601, 29, 21, 0), (0x5601, 15, 14, 1), (0x5401, 16, 14, 0), (0x5101, 17, 15, 0), (0x4801, 18, 16, 0),
        (0x3801, 19, 17, 0), (0x3401, 20, 18, 0), (0x3001, 21, 19, 0), (0x2801, 22, 19, 0), (0x2401, 23, 20, 0), (0x2201, 24, 21, 0),
        (0x1C01, 25, 22, 0), (0x1801, 26, 23, 0), (0x1601, 27, 24, 0), (0x1401, 28, 25, 0), (0x1201, 29, 26, 0), (0x1101, 30, 27, 0),
        (0x0AC1, 31, 28, 0), (0x09C1, 32, 29, 0), (0x08A1, 33, 30, 0), (0x0521, 34, 31, 0), (0x0441, 35, 32, 0), (0x02A1, 36, 33, 0),
        (0x0221, 37, 34, 0), (0x0141, 38, 35, 0), (0x0111, 39, 36, 0), (0x0085, 40, 37, 0), (0x0049, 41, 38, 0), (0x0025, 42, 39, 0),
        (0x0015, 43, 40, 0), (0x0009, 44, 41, 0), (0x0005, 45, 42, 0), (0x0001, 45, 43, 0), (0x5601, 46, 46, 0),
    ];

    private readonly uint* _entries;
    private readonly uint* _contexts;
    private byte* _next;
    private uint _interval;
    private uint _code;
    private int _shiftsLeft;
    private int _reserve;

    /// <summary>Makes a decoder over pinned memory.</summary>
    /// <param name="contexts">Room for the contexts' states.</param>
    /// <param name="entries">The table that <see cref="MakeEntries"/> gives.</param>
    public MqDecoder(uint* contexts, uint* entries)
    {
        _contexts = contexts;
        _entries = entries;
    }

    /// <summary>
    /// The table of states: each twice, for the MPS 0 and 1, in one number: Qe (high 16 bits), what follows an MPS (bits 9 to 15) and an LPS (bits 2
    /// to 8), MPS (bit 0).
    /// </summary>
    public static uint[] MakeEntries()
    {
        var entries = new uint[2 * States.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            var (qe, mps, lps, exchange) = States[i / 2];
            var symbol = i & 1;
            entries[i] = (uint)(qe << 16 | (2 * mps + symbol) << 9 | (2 * lps + (symbol ^ exchange)) << 2 | symbol);
        }

        return entries;
    }

    /// <summary>Sets a context to one of the 47 states, with 0 as the more probable symbol.</summary>
    public readonly void SetContext(int context, int state) => _contexts[context] = _entries[2 * state];

    /// <summary>Begins a codeword segment (T.800, C.3.5).</summary>
    /// <param name="segment">Its bytes, with two bytes FF behind them: they end it, however far it is read.</param>
    /// <returns>The reserve.</returns>
    public int Start(byte* segment)
    {
        _next = segment;
        _code = (uint)*_next << 16;
        ReadByte();
        _code <<= 7;
        _shiftsLeft -= 7;
        _interval = HalfInterval;
        return Refill();
    }

    /// <summary>Decodes one symbol (T.800, C.3.2).</summary>
    /// <param name="decoder">The decoder.</param>
    /// <param name="context">Its context.</param>
    /// <param name="reserve">The reserve, which stays in a register of the processor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Decode(MqDecoder* decoder, uint* context, ref int reserve)
    {
        var entry = *context;
        var left = reserve - (int)(entry >> 16);
        if (left >= 0)
        {
            reserve = left;
            return (int)(entry & 1);
        }

        left = DecodeSlowly(decoder, context, reserve);
        reserve = left >> 1;
        return left & 1;
    }

    /// <summary>Where the reserve is used up: an LPS, or an MPS with renormalisation.</summary>
    /// <returns>The new reserve, shifted left by one, and the symbol.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int DecodeSlowly(MqDecoder* decoder, uint* context, int reserve)
    {
        var entry = *context;
        var qe = entry >> 16;
        var used = (uint)(decoder->_reserve - reserve);
        var interval = decoder->_interval - used - qe;
        var code = decoder->_code - (used << 16);
        // The lower part of the interval has the size Qe, and is the LPS's unless that has become the larger one.
        var isLower = code >> 16 < qe;
        var isMps = isLower == interval < qe;
        if (isLower)
            interval = qe;
        else
            code -= qe << 16;
        *context = decoder->_entries[(isMps ? entry >> 9 : entry >> 2) & 0x7F];

        var shift = BitOperations.LeadingZeroCount(interval) - 16;
        interval <<= shift;
        while (shift > decoder->_shiftsLeft)
        {
            code <<= decoder->_shiftsLeft;
            shift -= decoder->_shiftsLeft;
            decoder->_code = code;
            decoder->ReadByte();
            code = decoder->_code;
        }

        decoder->_shiftsLeft -= shift;
        (decoder->_interval, decoder->_code) = (interval, code << shift);
        return decoder->Refill() << 1 | (int)(entry & 1) ^ (isMps ? 0 : 1);
    }

    private int Refill() => _reserve = Math.Min((int)_interval - HalfInterval, (int)(_code >> 16));

    /// <summary>Moves the next byte into the code register (T.800, C.3.4). Behind the segment's end it is all ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ReadByte()
    {
        if (*_next != 0xFF)
        {
            _code += (uint)*++_next << 8;
            _shiftsLeft = 8;
        }
        else if (_next[1] <= 0x8F)
        {
            _code += (uint)*++_next << 9;
            _shiftsLeft = 7;
        }
        else
        {
            _code += 0xFF00;
            _shiftsLeft = 8;
        }
    }
}

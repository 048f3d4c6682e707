namespace Mammo.Data.Numerics;

/// <summary>
/// numpy's legacy generator <c>numpy.random.RandomState(seed)</c> (Mersenne Twister MT19937, Matsumoto and Nishimura 1998) with the draws
/// that the original program uses, number for number. Not safe for several threads.
/// </summary>
public sealed class NumpyRandom
{
    private const int Length = 624;
    private const int Middle = 397;
    private readonly uint[] _state = new uint[Length];
    private int _position = Length;

    /// <summary>Seeds as <c>RandomState(seed)</c> and <c>numpy.random.seed(seed)</c> do with one number.</summary>
    /// <param name="seed">0..2³²-1.</param>
    public NumpyRandom(uint seed)
    {
        for (var i = 0u; i < Length; i++)
        {
            _state[i] = seed;
            seed = 1812433253u * (seed ^ (seed >> 30)) + i + 1;
        }
    }

    /// <summary>The next raw 32 bits.</summary>
    public uint NextUInt32()
    {
        if (_position == Length)
            Refill();
        var y = _state[_position++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680u;
        y ^= (y << 15) & 0xefc60000u;
        return y ^ (y >> 18);
    }

    /// <summary><c>random_sample()</c> = <c>random()</c>: a 53-bit number in [0, 1) from two draws of 32 bits.</summary>
    public double RandomSample()
    {
        var high = NextUInt32() >> 5;
        var low = NextUInt32() >> 6;
        return (high * 67108864.0 + low) / 9007199254740992.0;
    }

    /// <summary><c>uniform(low, high)</c>; <c>uniform(low, high, n)</c> is n calls.</summary>
    public double Uniform(double low, double high) => low + (high - low) * RandomSample();

    /// <summary><c>randint(low, high)</c>: low to high - 1; a range of one number draws nothing. <c>choice(n)</c> is <c>randint(0, n)</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="high"/> is not above <paramref name="low"/>.</exception>
    public int RandInt(int low, int high)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(high, low);
        return (int)(low + Bounded((uint)((long)high - 1 - low)));
    }

    /// <summary><c>permutation(n)</c>: 0..n-1 shuffled. <c>choice(n, k, replace=False)</c> is its first k members.</summary>
    public int[] Permutation(int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        var items = new int[n];
        for (var i = 0; i < n; i++)
            items[i] = i;
        Shuffle(items.AsSpan());
        return items;
    }

    /// <summary><c>shuffle(x)</c>: exchanges each member, from the last to the second, with one at or before it.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = (int)Bounded((uint)i);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>0..maximum by masking and rejection: the masks of numpy's legacy draws, not the multiplication of its newer generators.</summary>
    private uint Bounded(uint maximum)
    {
        if (maximum == 0)
            return 0;
        var mask = uint.MaxValue >> System.Numerics.BitOperations.LeadingZeroCount(maximum);
        uint value;
        do
        {
            value = NextUInt32() & mask;
        }
        while (value > maximum);
        return value;
    }

    private void Refill()
    {
        for (var i = 0; i < Length; i++)
        {
            var y = (_state[i] & 0x80000000u) | (_state[(i + 1) % Length] & 0x7fffffffu);
            _state[i] = _state[(i + Middle) % Length] ^ (y >> 1) ^ ((y & 1) == 0 ? 0 : 0x9908b0dfu);
        }

        _position = 0;
    }
}

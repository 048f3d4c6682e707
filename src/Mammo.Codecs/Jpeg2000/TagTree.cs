namespace Mammo.Codecs.Jpeg2000;

/// <summary>A tag tree (T.800, B.10.2): a number for each leaf of a grid, told bit by bit as far as is asked.</summary>
internal sealed class TagTree
{
    private readonly int[] _widths;
    private readonly int[] _starts;
    private readonly int[] _lower;
    private readonly bool[] _isKnown;

    /// <summary>Makes a tree of which nothing is known yet.</summary>
    public TagTree(int width, int height)
    {
        var (widths, starts, count) = (new List<int>(), new List<int>(), 0);
        while (true)
        {
            widths.Add(width);
            starts.Add(count);
            count += width * height;
            if (width * height <= 1)
                break;
            (width, height) = ((width + 1) / 2, (height + 1) / 2);
        }

        (_widths, _starts, _lower, _isKnown) = ([.. widths], [.. starts], new int[count], new bool[count]);
    }

    /// <summary>Whether a leaf's number is below a threshold; reads the bits that it takes to know.</summary>
    public bool IsBelow(int x, int y, int threshold, ref PacketBits bits)
    {
        var lower = 0;
        for (var level = _widths.Length - 1; level >= 0; level--)
        {
            var node = _starts[level] + (y >> level) * _widths[level] + (x >> level);
            // No number is below that of the node above.
            lower = Math.Max(lower, _lower[node]);
            while (lower < threshold && !_isKnown[node])
            {
                if (bits.Bit() == 1)
                    _isKnown[node] = true;
                else
                    lower++;
            }

            _lower[node] = lower;
        }

        return _isKnown[_starts[0] + y * _widths[0] + x] && lower < threshold;
    }

    /// <summary>A leaf's number, or the limit where it is no smaller than that.</summary>
    public int Value(int x, int y, int limit, ref PacketBits bits)
    {
        for (var value = 0; value < limit; value++)
        {
            if (IsBelow(x, y, value + 1, ref bits))
                return value;
        }

        return limit;
    }
}

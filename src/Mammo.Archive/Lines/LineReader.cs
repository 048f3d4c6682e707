namespace Mammo.Archive.Lines;

/// <summary>The lines of a file from front to back, each where it lies until the next one is read. Constant memory.</summary>
internal sealed class LineReader : IDisposable
{
    private const int Block = 1 << 18;

    // No line that Mammo writes is near it; a file of another kind may have no line feed at all.
    private const int Longest = 1 << 24;

    private readonly FileStream _file;
    private byte[] _buffer = new byte[Block];
    private int _first;
    private int _last;

    /// <summary>Opens a file; an empty one has no lines.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it is, for messages.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotFound"/>; <see cref="ErrorIds.FileUnreadable"/>.</exception>
    public LineReader(string path, string what)
    {
        try
        {
            _file = InputFile.Open(path, bufferSize: 0);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw InputFile.Unreadable(what, path, failure);
        }
    }

    /// <summary>Offset of the line that was read last.</summary>
    public long Offset { get; private set; }

    /// <summary>Offset behind it and its line feed.</summary>
    public long End { get; private set; }

    /// <summary>Whether it ends with a line feed; only the last line of a file may not.</summary>
    public bool HasEnd { get; private set; }

    /// <summary>Reads the next line.</summary>
    /// <param name="line">The line without its line feed; of one that is too long a part.</param>
    /// <returns>False at the end.</returns>
    public bool Read(out ReadOnlySpan<byte> line)
    {
        Offset = End;
        var searched = 0;
        while (true)
        {
            var held = _buffer.AsSpan(_first, _last - _first);
            var end = held[searched..].IndexOf((byte)'\n');
            if (end >= 0)
                return Take(out line, searched + end, hasEnd: true);
            searched = held.Length;
            if (searched >= Longest)
                return Take(out line, searched, hasEnd: false);
            if (!Fill())
                return Take(out line, searched, hasEnd: false) && line.Length > 0;
        }
    }

    public void Dispose() => _file.Dispose();

    private bool Take(out ReadOnlySpan<byte> line, int length, bool hasEnd)
    {
        line = _buffer.AsSpan(_first, length);
        HasEnd = hasEnd;
        var taken = length + (hasEnd ? 1 : 0);
        _first += taken;
        End += taken;
        return true;
    }

    private bool Fill()
    {
        if (_first > 0)
        {
            _buffer.AsSpan(_first, _last - _first).CopyTo(_buffer);
            (_first, _last) = (0, _last - _first);
        }

        if (_last == _buffer.Length)
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        var read = _file.Read(_buffer, _last, _buffer.Length - _last);
        _last += read;
        return read > 0;
    }
}

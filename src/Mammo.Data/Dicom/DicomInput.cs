using System.Buffers;

namespace Mammo.Data.Dicom;

/// <summary>
/// Bytes of a file, or of what a compressed data set unpacks to, read once from front to back. Nothing is taken that is not there: every request is held
/// against what remains before memory is taken for it.
/// </summary>
/// <param name="stream">Read from its present position on; a stream that can seek is skipped without reading.</param>
/// <param name="length">Bytes from there on; of a stream that is unpacked, the most that it may give.</param>
/// <param name="start">Offset in the file where the stream begins, for messages; 0 for what is unpacked.</param>
internal sealed class DicomInput(Stream stream, long length, long start) : IDisposable
{
    private const int Block = 16 * 1024;

    private readonly long _end = start + length;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(Block);
    private int _first;
    private int _last;

    /// <summary>Offset of the next byte.</summary>
    public long Position { get; private set; } = start;

    /// <summary>Bytes to come; of what is unpacked, the most that may come.</summary>
    public long Remaining => _end - Position;

    /// <summary>Up to so many of the next bytes without taking them; fewer at the end.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        Fill((int)Math.Min(count, Remaining));
        return _buffer.AsSpan(_first, Math.Min(count, _last - _first));
    }

    /// <summary>The next bytes, which stay valid until the next call.</summary>
    /// <exception cref="InvalidDataException">There are fewer.</exception>
    public ReadOnlySpan<byte> Take(int count)
    {
        var bytes = Peek(count);
        if (bytes.Length < count)
            throw Truncated();
        _first += count;
        Position += count;
        return bytes;
    }

    /// <summary>Fills a buffer with the next bytes.</summary>
    /// <exception cref="InvalidDataException">There are fewer.</exception>
    public void Read(Span<byte> target)
    {
        if (target.Length > Remaining)
            throw Truncated();
        var held = Math.Min(target.Length, _last - _first);
        _buffer.AsSpan(_first, held).CopyTo(target);
        _first += held;
        if (stream.ReadAtLeast(target[held..], target.Length - held, throwOnEndOfStream: false) < target.Length - held)
            throw Truncated();
        Position += target.Length;
    }

    /// <summary>Passes over bytes.</summary>
    /// <exception cref="InvalidDataException">There are fewer.</exception>
    public void Skip(long count)
    {
        if (count > Remaining)
            throw Truncated();
        var held = (int)Math.Min(count, _last - _first);
        _first += held;
        Position += held;
        if (stream.CanSeek)
        {
            stream.Seek(count - held, SeekOrigin.Current);
            Position += count - held;
            return;
        }

        for (count -= held; count > 0; count -= held)
        {
            held = (int)Math.Min(count, Block);
            Take(held);
        }
    }

    /// <summary>Gives the rest to another reader: the stream stands where this one stopped.</summary>
    public void Release()
    {
        stream.Seek(_first - _last, SeekOrigin.Current);
        _first = _last;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _first = _last = 0;
    }

    private InvalidDataException Truncated() => new(FormattableString.Invariant($"it is truncated: it ends after byte {Position}, within its data"));

    private void Fill(int count)
    {
        if (_last - _first >= count)
            return;
        if (count > _buffer.Length)
            Grow(count);
        _buffer.AsSpan(_first, _last - _first).CopyTo(_buffer);
        (_first, _last) = (0, _last - _first);
        while (_last < count)
        {
            var read = stream.Read(_buffer, _last, _buffer.Length - _last);
            if (read == 0)
                return;
            _last += read;
        }
    }

    private void Grow(int count)
    {
        var larger = ArrayPool<byte>.Shared.Rent(count);
        _buffer.AsSpan(_first, _last - _first).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _first, _last) = (larger, 0, _last - _first);
    }
}

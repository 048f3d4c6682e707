using System.Runtime.CompilerServices;

namespace Mammo.Networks.Files.Keras;

/// <summary>
/// The file as the HDF5 library sees it. A damaged file can send that library round in circles (a B-tree node that is its own child): every step of such a walk reads,
/// so a bound on the reads and on the depth of the stack turns a hang or a crash of the process into an exception.
/// </summary>
internal sealed class GuardedStream(Stream file) : Stream
{
    // Healthy Keras files need below two bytes and half a read per byte of the file; the constant covers the headers of tiny ones.
    private const long ReadsPerByte = 64;
    private const long Allowance = 1 << 24;

    private long _budget = (file.Length * ReadsPerByte) + Allowance;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => file.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => file.Position;
        set => file.Position = value;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var read = file.Read(buffer);
        _budget -= read + 16;
        return _budget >= 0 ? read : throw new InvalidDataException("The structure of the file leads round in circles.");
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file.Dispose();
        base.Dispose(disposing);
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Files.Safetensors;

/// <summary>
/// A safetensors file opened for reading: header at once, tensors on demand. Also reads files of other programs (torchvision's weights); layouts are as they
/// stand there.
/// </summary>
internal sealed class SafetensorsFile : IDisposable
{
    private const int LongestHeader = 100_000_000;

    private readonly string _path;
    private readonly FileStream _stream;
    private readonly long _dataStart;

    private SafetensorsFile(string path, FileStream stream)
    {
        (_path, _stream) = (path, stream);
        Span<byte> prefix = stackalloc byte[8];
        if (stream.Length < prefix.Length)
            throw new InvalidDataException($"it has {stream.Length} bytes");
        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > LongestHeader || (long)length > stream.Length - prefix.Length)
            throw new InvalidDataException($"its header claims {length} bytes; the file has {stream.Length - prefix.Length} and at most {LongestHeader} "
                + "are read");
        var json = new byte[length];
        stream.ReadExactly(json);
        _dataStart = stream.Position;
        Header = SafetensorsHeader.Parse(json, stream.Length - _dataStart);
    }

    /// <summary>What the file holds.</summary>
    public SafetensorsHeader Header { get; }

    /// <summary>Opens the file, hands it to the reader, and translates whatever goes wrong.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.FileNotFound"/>; <see cref="ErrorIds.ModelFileInvalid"/>: damaged or against the format's rules; or what the reader throws.
    /// </exception>
    public static T Read<T>(string path, Func<SafetensorsFile, T> read)
    {
        try
        {
            using var stream = InputFile.Open(path);
            using var file = new SafetensorsFile(path, stream);
            return read(file);
        }
        catch (Exception failure)
            when (failure is InvalidDataException or JsonException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw ModelFileErrors.Unreadable(path, "safetensors", failure);
        }
    }

    /// <summary>Reads a tensor of floating-point numbers, rounded to float32.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelFileInvalid"/>: it holds other numbers.</exception>
    public Weight Weight(SafetensorsEntry entry)
    {
        // The range was checked against the file's length, so this allocates no more than twice what is there.
        if (entry.Elements > Array.MaxLength)
            throw new InvalidDataException($"tensor '{entry.Name}' is too large");
        _stream.Position = _dataStart + entry.Begin;
        return new Weight(entry.Shape, entry.Type switch
        {
            SafetensorsType.Float32 => Values<float>(entry),
            SafetensorsType.Float64 => Array.ConvertAll(Values<double>(entry), value => (float)value),
            SafetensorsType.Float16 => Array.ConvertAll(Values<Half>(entry), value => (float)value),
            SafetensorsType.BFloat16 => Array.ConvertAll(Values<ushort>(entry), BFloat16.ToSingle),
            var other => throw new MammoException(
                ErrorIds.ModelFileInvalid,
                $"Tensor '{entry.Name}' in '{_path}' holds numbers of type {other}; weights are F32, F16, BF16 or F64.",
                "Convert the weights where they were made.",
                _path),
        });
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private T[] Values<T>(SafetensorsEntry entry)
        where T : unmanaged
    {
        var values = new T[entry.Elements];
        _stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}

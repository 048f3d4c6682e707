using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Mammo.Networks.Files.Onnx;

/// <summary>A protobuf message under construction, with the types that ONNX needs. Weights are referred to, not copied, until the message is written.</summary>
/// <remarks>A nested message must be complete when it is added: its length stands before it (https://protobuf.dev/programming-guides/encoding/).</remarks>
internal sealed class ProtoMessage
{
    private const int Varint = 0;
    private const int LengthDelimited = 2;
    private const int Fixed32 = 5;

    private readonly List<object> _parts = [];

    /// <summary>Length in bytes.</summary>
    public long Length { get; private set; }

    /// <summary>Adds an integer, boolean or enumeration value.</summary>
    public ProtoMessage Add(int field, long value)
    {
        Head(field, Varint, (ulong)value);
        return this;
    }

    /// <summary>Adds a float.</summary>
    public ProtoMessage Add(int field, float value)
    {
        var bytes = new byte[5];
        bytes[0] = checked((byte)((field << 3) | Fixed32));
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(1), value);
        Append(bytes, bytes.Length);
        return this;
    }

    /// <summary>Adds a text in UTF-8.</summary>
    public ProtoMessage Add(int field, string text) => Add(field, Encoding.UTF8.GetBytes(text));

    /// <summary>Adds bytes.</summary>
    public ProtoMessage Add(int field, byte[] bytes)
    {
        Head(field, LengthDelimited, (ulong)bytes.Length);
        Append(bytes, bytes.Length);
        return this;
    }

    /// <summary>Adds an array as little-endian bytes.</summary>
    public ProtoMessage Add(int field, float[] values)
    {
        Head(field, LengthDelimited, (ulong)values.LongLength * sizeof(float));
        Append(values, values.LongLength * sizeof(float));
        return this;
    }

    /// <summary>Adds a complete message.</summary>
    public ProtoMessage Add(int field, ProtoMessage message)
    {
        Head(field, LengthDelimited, (ulong)message.Length);
        Append(message, message.Length);
        return this;
    }

    /// <summary>Adds several values of one field.</summary>
    public ProtoMessage AddAll(int field, params IEnumerable<long> values)
    {
        foreach (var value in values)
            Add(field, value);
        return this;
    }

    /// <summary>Adds several texts of one field.</summary>
    public ProtoMessage AddAll(int field, params IEnumerable<string> texts)
    {
        foreach (var text in texts)
            Add(field, text);
        return this;
    }

    /// <summary>Adds several messages of one field.</summary>
    public ProtoMessage AddAll(int field, params IEnumerable<ProtoMessage> messages)
    {
        foreach (var message in messages)
            Add(field, message);
        return this;
    }

    /// <summary>Writes the message.</summary>
    public void WriteTo(Stream stream)
    {
        foreach (var part in _parts)
        {
            if (part is byte[] bytes)
                stream.Write(bytes);
            else if (part is ProtoMessage message)
                message.WriteTo(stream);
            else
                stream.Write(MemoryMarshal.AsBytes<float>((float[])part));
        }
    }

    private void Head(int field, int wireType, ulong value)
    {
        var bytes = new byte[20];
        var length = Write(bytes, (ulong)((field << 3) | wireType));
        length += Write(bytes.AsSpan(length), value);
        Append(bytes[..length], length);
    }

    private static int Write(Span<byte> bytes, ulong value)
    {
        var length = 0;
        for (; value >= 0x80; value >>= 7)
            bytes[length++] = (byte)(value | 0x80);
        bytes[length++] = (byte)value;
        return length;
    }

    private void Append(object part, long length)
    {
        _parts.Add(part);
        Length += length;
    }
}

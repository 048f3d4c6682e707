namespace Mammo.Networks.Files.Onnx;

/// <summary>Attributes of ONNX nodes (AttributeProto).</summary>
internal static class OnnxAttribute
{
    private const int TypeFloat = 1;
    private const int TypeInt = 2;
    private const int TypeString = 3;
    private const int TypeInts = 7;

    /// <summary>A float.</summary>
    public static ProtoMessage Of(string name, float value) => new ProtoMessage().Add(1, name).Add(2, value).Add(20, TypeFloat);

    /// <summary>An integer.</summary>
    public static ProtoMessage Of(string name, long value) => new ProtoMessage().Add(1, name).Add(3, value).Add(20, TypeInt);

    /// <summary>A text.</summary>
    public static ProtoMessage Of(string name, string text) => new ProtoMessage().Add(1, name).Add(4, text).Add(20, TypeString);

    /// <summary>Several integers.</summary>
    public static ProtoMessage Of(string name, params long[] values) => new ProtoMessage().Add(1, name).AddAll(8, values).Add(20, TypeInts);
}

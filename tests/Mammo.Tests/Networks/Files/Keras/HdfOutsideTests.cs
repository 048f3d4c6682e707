using System.Buffers.Binary;
using System.Text;
using Mammo.Networks.Files.Keras;
using Mammo.Networks.Storage;
using Mammo.Tests.Support;
using PureHDF;

namespace Mammo.Tests.Networks.Files.Keras;

/// <summary>HDF5 files that refer to other files: refused when the reference is met, before anything is opened.</summary>
public sealed class HdfOutsideTests
{
    // Smaller arrays lie in the header, which knows no external files.
    private const int Inputs = 20_000;

    public static TheoryData<string, string> Cases =>
        new MatrixTheoryData<string, string>(["link", "inner link", "storage", "virtual"], ["file", "missing", "pipe"]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void References_out_of_the_file_are_refused(string reference, string target)
    {
        var folder = Shared.NewFolder();
        var outside = Target(folder, target);
        var path = Path.Combine(folder, "model.h5");
        Write(path, reference, outside);
        MammoException? failure = null;
        var reading = new Thread(() => failure = Record.Exception(() => ModelFiles.Import(path)) as MammoException) { IsBackground = true };
        reading.Start();
        Assert.True(reading.Join(TestRun.Patience / 60), "it waits for another file");
        Assert.Equal(ErrorIds.ModelFileInvalid, failure?.ErrorId);
        if (reference != "virtual")
            Assert.True(failure!.Message.Contains("another file", StringComparison.Ordinal), failure.Message);
    }

    [Fact]
    public void Links_inside_the_file_are_followed()
    {
        var path = Path.Combine(Shared.NewFolder(), "model.h5");
        var file = Model(out var weights);
        file["kept"] = weights["dense"];
        weights["dense"] = new H5SoftLink("/kept");
        file.Write(path);
        Assert.Equal(Inputs, KerasFile.Read(path).Weights["dense/kernel"].Values.Length);
    }

    [Fact]
    public void What_messages_of_new_headers_claim_is_checked_before_it_is_believed()
    {
        var path = Path.Combine(Shared.NewFolder(), "model.h5");
        var file = Model(out _);
        file.Attributes["place"] = new long[10];
        file.Write(path);
        var bytes = File.ReadAllBytes(path);

        // Behind the name, the element type (12 bytes) and the head of the dimensions (4).
        var sizes = bytes.AsSpan().IndexOf("place\0"u8) + 6 + 12 + 4;
        Assert.Equal(10, BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(sizes)));
        BitConverter.TryWriteBytes(bytes.AsSpan(sizes), 200_000_000L);
        File.WriteAllBytes(path, bytes);
        MammoException? failure = null;
        var effort = Effort.Of(() => failure = Assert.Throws<MammoException>(() => ModelFiles.Import(path)));
        Assert.Equal(ErrorIds.ModelFileInvalid, failure!.ErrorId);
        Assert.InRange(effort.Allocated, 0, 20_000_000);
    }

    [Fact]
    public void Datasets_may_not_claim_more_together_than_the_file_can_hold()
    {
        var built = new KerasBuilt().Input(2000);
        for (var i = 0; i < 24; i++)
            built.Add("Dense", $"dense_{i}", new { units = 2000, use_bias = false },
                ($"dense_{i}/kernel:0", new H5Dataset<float[]>(fileDims: [2000, 2000], chunks: [2000, 2000])));
        var path = built.Write();
        MammoException? failure = null;
        var effort = Effort.Of(() => failure = Assert.Throws<MammoException>(() => KerasFile.Read(path)));
        Assert.Contains("together", failure!.Message, StringComparison.Ordinal);
        Assert.InRange(effort.Allocated, 0, 50_000_000);
    }

    private static string Target(string folder, string kind)
    {
        var path = Path.Combine(folder, "outside.h5");
        if (kind == "file")
            Model(out _).Write(path);
        return kind == "pipe" ? NamedPipe.Make(path) : path;
    }

    private static H5File Model(out H5Group weights)
    {
        var dense = new H5Group { ["dense"] = new H5Group { ["kernel:0"] = new float[Inputs, 1] } };
        dense.Attributes["weight_names"] = new[] { "dense/kernel:0" };
        weights = new H5Group { ["dense"] = dense };
        weights.Attributes["layer_names"] = new[] { "dense" };
        var file = new H5File { ["model_weights"] = weights };
        file.Attributes["keras_version"] = "2.1.6";
        file.Attributes["model_config"] = $$$"""
            {"class_name":"Sequential","config":[
            {"class_name":"Dense","config":{"name":"dense","units":1,"use_bias":false,"batch_input_shape":[null,{{{Inputs}}}]}}]}
            """;
        return file;
    }

    private static void Write(string path, string reference, string outside)
    {
        var file = Model(out var weights);
        switch (reference)
        {
            case "link":
                file["model_weights"] = new H5SoftLink($"\0{outside}\0/model_weights\0");
                break;
            case "inner link":
                weights["dense"] = new H5SoftLink($"\0{outside}\0/model_weights/dense\0");
                break;
            default:
                var kernel = new H5Dataset(new float[Inputs, 1]);
                kernel.Attributes["place"] = new long[10];
                ((H5Group)((H5Group)weights["dense"])["dense"])["kernel:0"] = kernel;
                break;
        }

        file.Write(path);
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, reference switch
        {
            "storage" => Stored(bytes, outside),
            "virtual" => Virtual(bytes),
            _ => Linked(bytes, outside),
        });
    }

    /// <summary>A soft link whose text is that of an external one, made one: the byte before its name's length and its type (format specification,
    /// IV.A.2.g).</summary>
    private static byte[] Linked(byte[] bytes, string outside)
    {
        var text = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes($"\0{outside}\0"));
        var message = bytes.AsSpan(0, text).LastIndexOf([(byte)1, (byte)0x1a, (byte)1]);
        Assert.InRange(text - message, 1, 60);
        bytes[message + 2] = 64;
        return bytes;
    }

    /// <summary>The attribute's message becomes a list of external files, whose names are in a heap at the end of the file (IV.A.2.h, III.D).</summary>
    private static byte[] Stored(byte[] bytes, string outside)
    {
        var name = bytes.AsSpan().IndexOf("place\0"u8);
        var message = name - 13;
        Assert.Equal(0x0c, bytes[message]);
        var heap = bytes.Length;
        byte[] names = [0, 0, 0, 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(outside), 0];
        var size = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(message + 1));
        byte[] list = [1, 0, 0, 0, 1, 0, 1, 0, .. BitConverter.GetBytes((long)heap),
            .. BitConverter.GetBytes(8L), .. BitConverter.GetBytes(0L), .. BitConverter.GetBytes(8L)];
        Assert.True(size >= list.Length);
        bytes[message] = 7;
        list.CopyTo(bytes, message + 4);
        return [.. bytes, .. "HEAP"u8, 0, 0, 0, 0, .. BitConverter.GetBytes((long)names.Length),
            .. BitConverter.GetBytes(1L), .. BitConverter.GetBytes((long)heap + 32), .. names];
    }

    /// <summary>The class in the message of the data's layout, version 4 (IV.A.2.i).</summary>
    private static byte[] Virtual(byte[] bytes)
    {
        var name = bytes.AsSpan().IndexOf("place\0"u8);
        for (var at = name; at > 0; at--)
        {
            if (bytes[at] == 4 && bytes[at - 4] == 8)
            {
                bytes[at + 1] = 3;
                return bytes;
            }
        }

        throw new InvalidOperationException("There is no layout.");
    }
}

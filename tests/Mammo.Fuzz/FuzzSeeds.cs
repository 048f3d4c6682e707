using System.Text;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Splits;
using Mammo.Networks.Architectures;
using Mammo.Networks.Files;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Networks.Storage;
using Mammo.Torch.Training;
using Mammo.Torch.Training.Checkpoints;
using NetVips;
using PureHDF;

namespace Mammo.Fuzz;

/// <summary>Small good files of every kind, made here: no image of a patient, nothing to download.</summary>
internal static class FuzzSeeds
{
    /// <summary>The network of <see cref="Checkpoints"/>.</summary>
    public static LayerGraph Graph { get; } = new(
        "fuzz",
        [new Layer("in", new LayerKind.Input(TensorShape.Of(4)), []), new Layer("dense", new LayerKind.Dense(2, UseBias: true, Activation.Softmax), ["in"])],
        ["dense"]);

    /// <summary>PNG, JPEG, TIFF, WebP, BMP, PGM and PPM.</summary>
    public static IReadOnlyList<byte[]> Images()
    {
        var pixels = Enumerable.Range(0, 24 * 20).Select(i => (ushort)(i * 7919 % 251)).ToArray();
        var eight = new GreyImage(24, 20, 8, pixels);
        var sixteen = new GreyImage(24, 20, 16, [.. pixels.Select(value => (ushort)(value * 200))]);
        var png = PngWriter.Encode(eight);
        using var image = Image.NewFromMemory(Array.ConvertAll(pixels, value => (byte)value), 20, 24, 1, Enums.BandFormat.Uchar);
        using var grey = image.Copy(interpretation: Enums.Interpretation.Bw);
        var header = new byte[1078];
        "BM"u8.CopyTo(header);
        foreach (var (at, value) in new[] { (10, 1078), (14, 40), (18, 20), (22, 24), (26, 1 | (8 << 16)) })
            BitConverter.TryWriteBytes(header.AsSpan(at), value);
        return
        [
            png, PngWriter.Encode(sixteen), grey.JpegsaveBuffer(), grey.JpegsaveBuffer(interlace: true), grey.TiffsaveBuffer(),
            grey.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Lzw),
            grey.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Deflate, tile: true), grey.WebpsaveBuffer(lossless: true),
            [.. header, .. pixels.Select(value => (byte)value)], [.. "P5 20 24 255\n"u8, .. pixels.Select(value => (byte)value)],
            [.. "P2 4 2 255\n1 2 3 4\n5 6 7 8\n"u8], [.. "P6 4 2 255\n"u8, .. new byte[24]],
        ];
    }

    /// <summary>Explicit little endian, uncompressed, 16 bits.</summary>
    public static IReadOnlyList<byte[]> Dicom()
    {
        byte[] pixels = [.. Enumerable.Range(0, 2 * 16 * 16).Select(i => (byte)(i * 31))];
        byte[] image =
        [
            .. Element(0x0008, 0x0060, "CS", "MG"u8), .. Element(0x0008, 0x0068, "CS", "FOR PRESENTATION"u8), .. Element(0x0010, 0x0020, "LO", "P1"u8),
            .. Element(0x0020, 0x0062, "CS", "L "u8), .. Element(0x0028, 0x0002, "US", [1, 0]), .. Element(0x0028, 0x0004, "CS", "MONOCHROME2 "u8),
            .. Element(0x0028, 0x0010, "US", [16, 0]), .. Element(0x0028, 0x0011, "US", [16, 0]), .. Element(0x0028, 0x0100, "US", [16, 0]),
            .. Element(0x0028, 0x0101, "US", [12, 0]), .. Element(0x0028, 0x0102, "US", [11, 0]), .. Element(0x0028, 0x0103, "US", [0, 0]),
            .. Element(0x0028, 0x1050, "DS", "2048"u8), .. Element(0x0028, 0x1051, "DS", "4096"u8), .. Element(0x7fe0, 0x0010, "OW", pixels),
        ];
        byte[] meta = [.. Element(0x0002, 0x0010, "UI", "1.2.840.10008.1.2.1\0"u8)];
        // And the files of the tests, which have every transfer syntax.
        var files = Directory.GetFiles(Path.Combine(Program.Tests(), "data", "dicom"), "*.dcm", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        return [[.. new byte[128], .. "DICM"u8, .. meta, .. image], .. files.Select(File.ReadAllBytes)];
    }

    /// <summary>A Keras model of two layers, small and large weights.</summary>
    public static IReadOnlyList<byte[]> Hdf5()
    {
        var conv = new H5Group { ["conv"] = new H5Group { ["kernel:0"] = new float[3, 3, 1, 2], ["bias:0"] = new float[2] } };
        conv.Attributes["weight_names"] = new[] { "conv/kernel:0", "conv/bias:0" };
        var pool = new H5Group();
        pool.Attributes["weight_names"] = Array.Empty<double>();
        var weights = new H5Group { ["conv"] = conv, ["pool"] = pool };
        weights.Attributes["layer_names"] = new[] { "conv", "pool" };
        weights.Attributes["backend"] = "tensorflow";
        var file = new H5File { ["model_weights"] = weights, ["link"] = new H5SoftLink("/model_weights/conv") };
        file.Attributes["keras_version"] = "2.1.6";
        file.Attributes["model_config"] = """
            {"class_name":"Sequential","config":[{"class_name":"Conv2D","config":{"name":"conv","filters":2,"kernel_size":[3,3],"strides":[1,1],
            "padding":"same","data_format":"channels_last","activation":"softmax","use_bias":true,"batch_input_shape":[null,12,10,1]}},
            {"class_name":"GlobalAveragePooling2D","config":{"name":"pool","data_format":"channels_last"}}]}
            """;
        return [Written("fuzz.h5", path => file.Write(path))];
    }

    /// <summary>Mammo's own model file.</summary>
    public static IReadOnlyList<byte[]> Safetensors()
    {
        var options = new PatchOptions { Architecture = "resnet_small", WidthMultiplier = 1 / 16.0, Classes = ["neg", "pos"] };
        using var model = ModelFactory.Patch(options, 1);
        using var ensemble = Ensemble.Join([model, ModelFactory.Patch(options, 2)], "fuzz");
        using var dense = new MammoModel("fuzz", Graph, Weights(), new ModelCard { Classes = ["neg", "pos"], License = "none" });
        return
        [
            Written("a.safetensors", path => ModelFiles.Export(dense, path)),
            Written("b.safetensors", path => ModelFiles.Export(model, path, format: WeightFormat.Float16)),
            Written("c.safetensors", path => ModelFiles.Export(ensemble, path, format: WeightFormat.Float16)),
        ];
    }

    /// <summary>A training's first epoch.</summary>
    public static IReadOnlyList<byte[]> Checkpoints()
    {
        var state = new TrainingState
        {
            Identity = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("Seed", "1"),
            Stopping = new EarlyStopping(3),
            Plateau = new ReduceLearningRateOnPlateau(3, 0.1),
            Iterations = 2,
        };
        KeyValuePair<string, byte[]>[] blocks =
            [new("weights/dense/kernel", new byte[32]), new("weights/dense/bias", new byte[8]), new("optimizer/m/dense/kernel", new byte[32])];
        return [Written("epoch-00002.checkpoint", path => CheckpointFile.Write(path, state.ToJson(), blocks))];
    }

    /// <summary>Lists of several formats.</summary>
    public static IReadOnlyList<byte[]> Lists() => Texts(
        "path,label,patient,laterality,view,roi_x,roi_y,roi_radius\na.png,neg,P1,L,CC,1,2,3\nb.png,pos,P2,R,MLO,,,\n",
        "path;label\n\"a;b.png\";neg\nc.png;pos\n",
        "patient_id,left or right breast,image view,abnormality id,abnormality type,pathology,image file path,cropped image file path,ROI mask file path\n"
            + "P_00001,LEFT,CC,1,mass,MALIGNANT,a/1.dcm,b/2.dcm,c/3.dcm\n",
        "file,film,patient,side,tissue,abnormality,severity,x,y,radius\nmdb001.png,mdb001,1,L,G,CIRC,B,535,425,197\n",
        "mdb001 G CIRC B 535 425 197\nmdb002 G NORM\n");

    /// <summary>A split of three patients.</summary>
    public static IReadOnlyList<byte[]> Splits()
    {
        var split = new PatientSplit("shares", 1, true, [new SplitPart("train", ["P1", "P2"]), new SplitPart("test", ["P3"])]);
        return [Written("split.json", path => SplitFile.Write(split, path))];
    }

    /// <summary>Tables of patch sets, and lists of unfinished ones.</summary>
    public static IReadOnlyList<byte[]> Patches() => Texts(
        "path,label,source,image,abnormality,x,y\nbackground/1.png,background,background,a.png,0,1,2\nbackground/2.png,background,roi,b.png,1,3,4\n",
        "background/1.png\nbackground/2.png\n");

    private static Dictionary<string, Weight> Weights() =>
        WeightPlan.Of(Graph).ToDictionary(plan => plan.Name, plan => new Weight(plan.Shape, new float[plan.Elements]), StringComparer.Ordinal);

    private static byte[][] Texts(params string[] texts) => Array.ConvertAll(texts, Encoding.UTF8.GetBytes);

    private static byte[] Written(string name, Action<string> write)
    {
        var folder = Directory.CreateTempSubdirectory("mammo-fuzz-");
        try
        {
            var path = Path.Combine(folder.FullName, name);
            write(path);
            return File.ReadAllBytes(path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static byte[] Element(int group, int element, string vr, ReadOnlySpan<byte> value)
    {
        byte[] head = [(byte)group, (byte)(group >> 8), (byte)element, (byte)(element >> 8), (byte)vr[0], (byte)vr[1]];
        byte[] length = vr is "OW" ? [0, 0, .. BitConverter.GetBytes(value.Length)] : BitConverter.GetBytes((ushort)value.Length);
        return [.. head, .. length, .. value];
    }
}

using Mammo.Data.Datasets;
using Mammo.Data.Datasets.Formats;
using Mammo.Data.Dicom;
using Mammo.Data.Files;
using Mammo.Data.Patches;
using Mammo.Data.Splits;
using Mammo.Networks.Graphs;
using Mammo.Networks.Storage;
using Mammo.Scoring;
using Mammo.Scoring.Engines;
using Mammo.Torch.Training.Checkpoints;

namespace Mammo.Fuzz;

/// <summary>One reader of files.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="FileName">Name of the file that it is given.</param>
/// <param name="Seeds">Good files, to be damaged.</param>
/// <param name="Read">Reads the file as users' commands do; anything but a <see cref="MammoException"/> is a fault.</param>
internal sealed record FuzzReader(string Name, string FileName, Func<IReadOnlyList<byte[]>> Seeds, Action<string> Read)
{
    // Larger pictures cost time and show nothing new.
    private const long PixelLimit = 4_000_000;
    private const int LargestInput = 128;

    /// <summary>All readers.</summary>
    public static IReadOnlyList<FuzzReader> All { get; } =
    [
        new("image", "image.png", FuzzSeeds.Images, path =>
        {
            Try(() => ImageReader.ReadInfo(path));
            Try(() => ImageReader.Size(path, PixelLimit));
            ImageReader.Read(path, PixelLimit);
        }),
        new("dicom", "image.dcm", FuzzSeeds.Dicom, path =>
        {
            Try(() => DicomReader.ReadInfo(path));
            DicomReader.Read(path, new DicomOptions(), PixelLimit);
        }),
        new("hdf5", "model.h5", FuzzSeeds.Hdf5, Score),
        new("safetensors", "model.safetensors", FuzzSeeds.Safetensors, Score),
        new("checkpoint", "epoch-00002.checkpoint", FuzzSeeds.Checkpoints, path =>
        {
            var folder = Path.GetDirectoryName(path)!;
            new CheckpointFolder(folder).LoadNewest(
                (text, blocks) => CheckpointContent.Snapshot(text, blocks, TorchSharp.torch.ScalarType.Float32, FuzzSeeds.Graph), (_, _) => { });
        }) { IsHashed = true },
        new("csv", "list.csv", FuzzSeeds.Lists, path =>
        {
            Try(() => DatasetCsv.Read(path));
            Try(() => CbisDdsm.Read([path], Path.GetDirectoryName(path)!));
            Try(() => MiniMias.Read(path));
            PatientList.Read(path);
        }),
        new("split", "split.json", FuzzSeeds.Splits, path => SplitFile.Read(path)),
        new("patches", "patches.csv", FuzzSeeds.Patches, path =>
        {
            File.Copy(path, Path.Combine(Path.GetDirectoryName(path)!, UnfinishedMark.Patches), overwrite: true);
            using var table = new PatchTable(Path.GetDirectoryName(path)!);
            table.Clear(["background"], force: true);
        }),
    ];

    /// <summary>The file ends in a SHA-256 of what is before it.</summary>
    public bool IsHashed { get; init; }

    // A file that is refused by one reader goes to the next one.
    private static void Try(Func<object?> read)
    {
        try
        {
            read();
        }
        catch (MammoException)
        {
        }
    }

    private static void Score(string path)
    {
        using var model = ModelFiles.Import(path).Model;
        var graph = model.Graph;
        if (graph.Inputs.Length != 1 || graph[graph.Inputs[0]].Kind is not LayerKind.Input { Shape: { Rank: 3, IsKnown: true } shape })
            return;
        var (height, width) = (shape.Sizes[0]!.Value, shape.Sizes[1]!.Value);
        if (height > LargestInput || width > LargestInput || ComputeCost.MultiplyAdds(graph) > 100_000_000)
            return;
        using var engine = new OnnxEngine(graph, model.Weights);
        engine.Run(new PlaneBatch(height, width, [new float[height * width]]));
    }
}

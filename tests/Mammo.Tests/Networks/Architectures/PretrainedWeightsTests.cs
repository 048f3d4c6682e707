using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;

namespace Mammo.Tests.Networks.Architectures;

/// <summary>Files through to models.</summary>
public class PretrainedWeightsTests
{
    private static readonly PatchOptions Vgg = new() { Architecture = "vgg16", Classes = ["a", "b"] };

    [Fact]
    public void TorchvisionFileBecomesAModel()
    {
        var random = new Random(5);
        var convolutions = BodyWeights.Of(PatchNetwork.Build(Vgg));
        int[] indices = [0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28];
        var tensors = new List<(string Name, int[] Shape, float[] Values)> { ("classifier.6.bias", [1000], new float[1000]) };
        foreach (var (index, entry) in indices.Zip(convolutions))
        {
            foreach (var (word, weight) in new[] { ("weight", entry.Weights[0]), ("bias", entry.Weights[1]) })
                tensors.Add(($"features.{index}.{word}", [.. weight.Shape], [.. Enumerable.Range(0, (int)weight.Elements).Select(_ => random.NextSingle())]));
        }

        var path = Path.Combine(Shared.NewFolder(), "vgg16.bin");
        WriteSafetensors(path, tensors);
        var pretrained = PretrainedWeights.Read(path, Vgg);
        Assert.Contains("57.6", Assert.Single(pretrained.Notes), StringComparison.Ordinal);
        using var model = ModelFactory.Patch(Vgg, 1, pretrained);
        Assert.Equal(tensors.Single(tensor => tensor.Name == "features.28.weight").Values, model.Weights["block5_conv3/kernel"].Values);
        Assert.Equal([2, 512], model.Weights["dense_1/kernel"].Shape);
        Assert.Equal("vgg16 patch network, body from torchvision checkpoint 'vgg16.bin', output layer from seed 1", Assert.Single(model.Card.Lineage));
    }

    [Fact]
    public void IntegersBesideTheWeightsAreNoHindrance()
    {
        var path = Path.Combine(Shared.NewFolder(), "counter.safetensors");
        var header = """{"bn1.num_batches_tracked":{"dtype":"I64","shape":[],"data_offsets":[0,8]}}"""u8;
        var bytes = new byte[8 + header.Length + 8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        header.CopyTo(bytes.AsSpan(8));
        File.WriteAllBytes(path, bytes);
        var error = Assert.Throws<MammoException>(() => PretrainedWeights.Read(path, new PatchOptions { Architecture = "resnet50_torchvision" }));
        Assert.Equal("Mammo.ModelWeightMismatch", error.ErrorId);
        Assert.Contains("no tensor 'conv1.weight'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void KerasFileOfANarrowNetworkDoesNotFitAFullOne()
    {
        var error = Assert.Throws<MammoException>(() => PretrainedWeights.Read(Shared.Data("oracle", "models", "vgg16_patch_d16_weights_only.h5"), Vgg));
        Assert.Equal("Mammo.ModelWeightMismatch", error.ErrorId);
        Assert.Contains("shape (4, 3, 3, 3) where 'block1_conv1/kernel' needs (64, 3, 3, 3)", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PK\u0003\u0004 a zip archive, as torch.save writes")]
    [InlineData("{\"short\":1}")]
    public void OtherFilesAreRefused(string content)
    {
        var path = Path.Combine(Shared.NewFolder(), "resnet50.pth");
        File.WriteAllText(path, content);
        var error = Assert.Throws<MammoException>(() => PretrainedWeights.Read(path, Vgg));
        Assert.Equal("Mammo.ModelFileInvalid", error.ErrorId);
        Assert.Contains("save_file", error.SuggestedFix, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingFileIsTold()
    {
        var error = Assert.Throws<MammoException>(() => PretrainedWeights.Read(Path.Combine(Shared.NewFolder(), "none.h5"), Vgg));
        Assert.Equal("Mammo.FileNotFound", error.ErrorId);
    }

    private static void WriteSafetensors(string path, IReadOnlyList<(string Name, int[] Shape, float[] Values)> tensors)
    {
        var header = new Dictionary<string, object>();
        var offset = 0;
        foreach (var (name, shape, values) in tensors)
            header[name] = new { dtype = "F32", shape, data_offsets = new[] { offset, offset += values.Length * sizeof(float) } };
        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        using var stream = File.Create(path);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        stream.Write(length);
        stream.Write(json);
        foreach (var (_, _, values) in tensors)
            stream.Write(MemoryMarshal.AsBytes<float>(values));
    }
}

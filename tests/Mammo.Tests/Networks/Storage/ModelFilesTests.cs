using System.Text;
using System.Text.Json.Nodes;
using Mammo.Data.Images;
using Mammo.Networks.Files;
using Mammo.Networks.Files.Safetensors;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Networks.Storage;

namespace Mammo.Tests.Networks.Storage;

/// <summary>Models in and out of files, with their cards.</summary>
public sealed class ModelFilesTests
{
    [Theory]
    [InlineData("models/vgg16_patch_d16")]
    [InlineData("models/yaroslav_whole_vgg")]
    [InlineData("variants/sepconv_valid_s2_dm2")]
    [InlineData("variants/bn_neither")]
    [InlineData("variants/reshape")]
    [InlineData("variants/permute")]
    [InlineData("variants/zeropad_pairs")]
    [InlineData("variants/concat_axis1")]
    [InlineData("variants/nested_shared_two_inputs")]
    [InlineData("variants/shared_layer_called_three_times")]
    public void What_is_exported_comes_back_bit_for_bit(string file)
    {
        using var model = ModelFiles.Import(Shared.Data(["oracle", .. (file + ".h5").Split('/')])).Model;
        var card = model.Card with
        {
            RescaleFactor = 0.003891,
            FeaturewiseMean = 52.18,
            TrainedOn = "größer \"quoted\" 乳房",
            Training = new JsonObject
            {
                [
            "seed"] = 7
            },
            ImageSize = new ImageSize(1152, 896)
        };
        var path = Path.Combine(Shared.NewFolder(), "model [1].safetensors");
        ModelFiles.Export(model.WithCard(card), path);
        var imported = ModelFiles.Import(path);
        using var again = imported.Model;
        Assert.Empty(imported.Notes);
        Assert.Equal("model [1]", again.Name);
        Assert.Equal(GraphJson.Write(model.Graph), GraphJson.Write(again.Graph));
        Assert.Equal(CardJson.Write(card), CardJson.Write(again.Card));
        Assert.Equal(model.Weights.Count, again.Weights.Count);
        Assert.All(model.Weights, weight => Assert.Equal(Bits(weight.Value), Bits(again.Weights[weight.Key])));
        var second = path + "2";
        ModelFiles.Export(again, second);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(second));
    }

    [Theory]
    [InlineData(WeightFormat.Float16, 1e-3)]
    [InlineData(WeightFormat.BFloat16, 8e-3)]
    public void Halved_kernels_come_back_rounded_and_vectors_exact(WeightFormat format, double relative)
    {
        using var model = Yaroslav();
        var folder = Shared.NewFolder();
        ModelFiles.Export(model, Path.Combine(folder, "full"));
        ModelFiles.Export(model, Path.Combine(folder, "half"), format: format);
        using var half = ModelFiles.Import(Path.Combine(folder, "half")).Model;
        foreach (var (name, weight) in model.Weights)
        {
            var tolerance = weight.Shape.Length == 1 ? 0 : relative;
            Assert.All(
                weight.Values.Paired(half.Weights[name].Values),
                pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, Math.Abs(pair.First) * tolerance + (tolerance * 1e-4)));
        }

        Assert.NotEqual(model.Card.WeightHash, half.Card.WeightHash);
        var kernels = model.Weights.Values.Where(weight => weight.Shape.Length > 1).Sum(weight => weight.Values.LongLength);
        var saved = new FileInfo(Path.Combine(folder, "full")).Length - new FileInfo(Path.Combine(folder, "half")).Length;
        Assert.InRange(saved, (2 * kernels) - 4096, (2 * kernels) + 4096);
    }

    [Fact]
    public void A_kernel_beyond_float16_is_refused_before_anything_is_written()
    {
        using var model = Yaroslav();
        var weights = model.Weights.ToDictionary(pair => pair.Key, pair => pair.Value);
        var kernel = weights["predictions/kernel"];
        weights["predictions/kernel"] = kernel with { Values = [70000, .. kernel.Values[1..]] };
        using var large = new MammoModel("large", model.Graph, weights, model.Card);
        var folder = Shared.NewFolder();
        var failure = Assert.Throws<MammoException>(() => ModelFiles.Export(large, Path.Combine(folder, "large"), format: WeightFormat.Float16));
        Assert.Equal(ErrorIds.WeightOutOfRange, failure.ErrorId);
        Assert.Empty(Directory.GetFiles(folder));
        ModelFiles.Export(large, Path.Combine(folder, "large"), format: WeightFormat.BFloat16);
    }

    [Fact]
    public void The_fingerprint_is_that_of_the_documented_bytes()
    {
        var weights = new Dictionary<string, Weight> { ["b/bias"] = new([1], [1f]), ["a/kernel"] = new([1, 2], [0f, -2f]) };
        byte[] bytes =
        [
            .. "a/kernel"u8, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xc0,
            .. "b/bias"u8, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0x80, 0x3f,
        ];
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), WeightHash.Of(weights));
    }

    [Fact]
    public void A_file_changed_after_writing_is_refused()
    {
        using var model = Yaroslav();
        var path = Path.Combine(Shared.NewFolder(), "m.safetensors");
        ModelFiles.Export(model, path);
        var bytes = File.ReadAllBytes(path);
        bytes[^2] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Contains("SHA-256", Invalid(path), StringComparison.Ordinal);
    }

    [Fact]
    public void An_existing_file_is_kept_unless_forced()
    {
        using var model = Yaroslav();
        var path = Path.Combine(Shared.NewFolder(), "m.safetensors");
        File.WriteAllText(path, "mine");
        Assert.Equal(ErrorIds.FileExists, Assert.Throws<MammoException>(() => ModelFiles.Export(model, path)).ErrorId);
        Assert.Equal("mine", File.ReadAllText(path));
        ModelFiles.Export(model, path, force: true);
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
        Assert.Equal(
            ErrorIds.FileNotWritten, Assert.Throws<MammoException>(() => ModelFiles.Export(model, Path.Combine(path, "below", "m.safetensors"))).ErrorId);
    }

    [Fact]
    public void Weights_of_other_programs_are_told_from_models()
    {
        var path = Path.Combine(Shared.NewFolder(), "torchvision.safetensors");
        using (var stream = File.Create(path))
            SafetensorsWriter.Write(stream, [KeyValuePair.Create("conv1.weight", new Weight([1, 1], [1f]))], [KeyValuePair.Create("format", "pt")], _ => "F32");
        Assert.Contains("mammo.graph", Invalid(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mammo.format", "2", "version")]
    [InlineData("mammo.graph", "{}", "")]
    [InlineData("mammo.graph", "null", "")]
    [InlineData("mammo.graph", "{\"name\":\"n\",\"layers\":[{\"name\":\"a\",\"kind\":{\"kind\":\"Lambda\"},\"inputs\":[]}],\"outputs\":[\"a\"]}", "")]
    [InlineData(
        "mammo.graph", "{\"name\":\"n\",\"layers\":[{\"name\":\"a\",\"kind\":{\"kind\":\"Input\",\"shape\":{\"sizes\":[4,4,1]}},\"inputs\":[]},"
            + "{\"name\":\"p\",\"kind\":{\"kind\":\"MaxPooling2D\",\"pool_size\":{\"rows\":2,\"columns\":2},\"strides\":{\"rows\":0,\"columns\":0},"
            + "\"padding\":\"Same\"},\"inputs\":[\"a\"]}],\"outputs\":[\"p\"]}", "size 0x0")]
    [InlineData("mammo.card", "[]", "card")]
    [InlineData("mammo.card", "{\"classes\":[\"one\"]}", "")]
    public void Metadata_that_contradicts_itself_is_refused(string key, string text, string message)
    {
        using var model = Yaroslav();
        var path = Path.Combine(Shared.NewFolder(), "m.safetensors");
        Dictionary<string, string> metadata = new()
        {
            ["mammo.format"] = "1",
            ["mammo.graph"] = GraphJson.Write(model.Graph),
            ["mammo.card"] = "{}",
            [
            key] = text
        };
        using (var stream = File.Create(path))
            SafetensorsWriter.Write(stream, model.Weights, metadata, _ => "F32");
        var failure = Assert.Throws<MammoException>(() => ModelFiles.Import(path));
        Assert.Contains(failure.ErrorId, new[] { ErrorIds.ModelFileInvalid, ErrorIds.ModelGraphInvalid, ErrorIds.ModelClassMismatch });
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_superfluous_and_misshapen_weights_are_refused()
    {
        using var model = Yaroslav();
        var path = Path.Combine(Shared.NewFolder(), "m.safetensors");
        AssertMismatch(weights => weights.Remove("predictions/bias"));
        AssertMismatch(weights => weights["more"] = new Weight([1], [1]));
        AssertMismatch(weights => weights["predictions/bias"] = new Weight([1, 5], new float[5]));

        void AssertMismatch(Action<Dictionary<string, Weight>> change)
        {
            var weights = model.Weights.ToDictionary(pair => pair.Key, pair => pair.Value);
            change(weights);
            using (var stream = File.Create(path))
                SafetensorsWriter.Write(
                    stream, weights, new Dictionary<string, string> { ["mammo.format"] = "1", ["mammo.graph"] = GraphJson.Write(model.Graph) }, _ => "F32");
            Assert.Equal(ErrorIds.ModelWeightMismatch, Assert.Throws<MammoException>(() => ModelFiles.Import(path)).ErrorId);
        }
    }

    [Theory]
    [InlineData("PK\u0003\u0004", "zip")]
    [InlineData("\u0080\u0002}q", "pickle")]
    [InlineData("\u001f\u008b\u0008", "gzip")]
    [InlineData("version https://git-lfs.github.com/spec/v1", "LFS")]
    [InlineData("<!DOCTYPE html>", "web page")]
    [InlineData("{\"class_name\": \"Model\"}", "JSON")]
    [InlineData("\u0008\u0008\u0012\u0004onnx", "ONNX")]
    [InlineData("\u0089PNG", "PNG image")]
    [InlineData("hello", "plain text")]
    [InlineData("", "empty")]
    [InlineData("\u0001\u0002\u0003\u00ff", "no known format")]
    public void Other_formats_are_told_by_their_content(string content, string word)
    {
        var path = Path.Combine(Shared.NewFolder(), "model.h5");
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(content));
        Assert.Contains(word, Invalid(path), StringComparison.Ordinal);
    }

    [Fact]
    public void The_extension_does_not_decide()
    {
        var path = Path.Combine(Shared.NewFolder(), "model.txt");
        File.Copy(Shared.Data("oracle", "models", "yaroslav_patch.h5"), path);
        Assert.Equal(45, ModelFiles.Import(path).Model.Graph.Layers.Length);
        Assert.Equal(ErrorIds.FileNotFound, Assert.Throws<MammoException>(() => ModelFiles.Import(path + "x")).ErrorId);
    }

    private static MammoModel Yaroslav() => ModelFiles.Import(Shared.Data("oracle", "models", "yaroslav_patch.h5")).Model;

    private static IEnumerable<uint> Bits(Weight weight) => weight.Values.Select(BitConverter.SingleToUInt32Bits);

    private static string Invalid(string path)
    {
        var failure = Assert.Throws<MammoException>(() => ModelFiles.Import(path));
        Assert.Equal(ErrorIds.ModelFileInvalid, failure.ErrorId);
        return failure.Message;
    }
}

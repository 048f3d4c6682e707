using System.Text.Json;
using CsCheck;
using Mammo.Data.Splits;

namespace Mammo.Tests.Data.Splits;

public sealed class ScikitLearnSplitTests
{
    [Fact]
    public void Patients_are_split_as_by_scikit_learn()
    {
        var cases = JsonDocument.Parse(File.ReadAllBytes(Shared.Data("oracle", "image", "sampling", "split.json"))).RootElement.GetProperty("cases")
            .EnumerateArray().ToArray();
        Assert.NotEmpty(cases);
        foreach (var item in cases)
        {
            var ids = Texts(item, "ids");
            int[] labels = [.. item.GetProperty("labels").EnumerateArray().Select(label => label.GetInt32())];
            var (train, test) = ScikitLearnSplit.Stratified(labels, item.GetProperty("val_size").GetDouble(), item.GetProperty("seed").GetUInt32());
            Assert.Equal(Texts(item, "train"), train.Select(i => ids[i]));
            Assert.Equal(Texts(item, "val"), test.Select(i => ids[i]));
        }
    }

    [Fact]
    public void Every_member_is_on_one_side() => Gen.Select(Gen.Int[0, 2].Array[12, 60], Gen.Double[0.2, 0.8], Gen.UInt).Sample((drawn, share, seed) =>
    {
        int[] labels = [0, 0, 1, 1, 2, 2, .. drawn];
        var (train, test) = ScikitLearnSplit.Stratified(labels, share, seed);
        Assert.Equal(Enumerable.Range(0, labels.Length), train.Concat(test).Order());
        Assert.Equal((int)Math.Ceiling(share * labels.Length), test.Length);
    });

    [Theory]
    [InlineData(0.1, 0, 0, 0, 1)]
    [InlineData(0.1, 0, 0, 1, 1)]
    [InlineData(0.0, 0, 0, 1, 1)]
    [InlineData(double.NaN, 0, 0, 1, 1)]
    public void What_scikit_learn_refuses_is_refused(double share, params int[] labels) =>
        Assert.Equal(ErrorIds.SplitImpossible, Assert.Throws<MammoException>(() => ScikitLearnSplit.Stratified(labels, share)).ErrorId);

    private static string[] Texts(JsonElement item, string name) => [.. item.GetProperty(name).EnumerateArray().Select(id => id.GetString()!)];
}

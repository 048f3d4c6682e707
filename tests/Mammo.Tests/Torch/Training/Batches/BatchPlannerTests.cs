using System.Text.Json;
using CsCheck;
using Mammo.Data.Augmentation;
using Mammo.Data.Images;
using Mammo.Torch.Training;
using Mammo.Torch.Training.Batches;
using Mammo.Torch.Training.Losses;

namespace Mammo.Tests.Torch.Training.Batches;

public sealed class BatchPlannerTests
{
    private static readonly JsonElement Iterators = JsonDocument.Parse(
        File.ReadAllBytes(Shared.Data("oracle", "augment", "augment.json"))).RootElement.GetProperty("iterators");

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Iterators.GetArrayLength())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Order_and_balance_weights_are_Keras_2_0_8s(int index)
    {
        var expected = Iterators[index];
        var labels = expected.GetProperty("labels").EnumerateArray().Select(item => item.GetInt32()).ToArray();
        var planner = new BatchPlanner(
            expected.GetProperty("n").GetInt32(),
            expected.GetProperty("batch_size").GetInt32(),
            expected.GetProperty("seed").GetInt32(),
            TrainingCompatibility.Keras208)
        {
            Shuffle = expected.GetProperty("shuffle").GetBoolean(),
        };
        var number = 0;
        foreach (var batch in expected.GetProperty("batches").EnumerateArray())
        {
            var plan = planner.Plan(number++);
            Assert.Equal(batch.GetProperty("index").EnumerateArray().Select(item => item.GetInt32()), plan.Indices);
            Assert.Equal(
                batch.GetProperty("sample_weight").EnumerateArray().Select(item => item.GetDouble()),
                SampleWeights.Balanced([.. plan.Indices.Select(sample => labels[sample])]));
        }
    }

    [Theory]
    [InlineData(TrainingCompatibility.Default)]
    [InlineData(TrainingCompatibility.Keras208)]
    public void A_pass_has_every_sample_once_and_a_batch_depends_on_its_number_alone(TrainingCompatibility compatibility) =>
        (from count in Gen.Int[1, 40] from size in Gen.Int[1, 12] from seed in Gen.Int[0, int.MaxValue] select (count, size, seed)).Sample(given =>
        {
            var (forward, other) = (Planner(given.count, given.size, given.seed, compatibility), Planner(given.count, given.size, given.seed, compatibility));
            var batches = forward.BatchesInPass;
            var plans = Enumerable.Range(0, 3 * batches).Select(number => forward.Plan(number)).ToArray();
            for (var pass = 0; pass < 3; pass++)
                Assert.Equal(Enumerable.Range(0, given.count), plans.Skip(pass * batches).Take(batches).SelectMany(plan => plan.Indices).Order());
            for (var number = plans.Length - 1; number >= 0; number--)
            {
                Assert.Equal(plans[number].Indices, other.Plan(number).Indices);
                Assert.Equal(plans[number].Draws.Select(draw => draw.Map), other.Plan(number).Draws.Select(draw => draw.Map));
            }
        }, iter: 50);

    [Fact]
    public void By_default_a_samples_transform_does_not_depend_on_the_batch_size_and_changes_from_pass_to_pass()
    {
        var (small, large) = (Planner(6, 1, 7), Planner(6, 6, 7));
        var single = Enumerable.Range(0, 12).Select(number => small.Plan(number)).ToArray();
        var bySample = single.Take(6).ToDictionary(plan => plan.Indices[0], plan => plan.Draws[0].Map);
        var whole = large.Plan(0);
        Assert.All(whole.Indices.Paired(whole.Draws), pair => Assert.Equal(bySample[pair.First], pair.Second.Map));
        Assert.All(single.Skip(6), plan => Assert.NotEqual(bySample[plan.Indices[0]], plan.Draws[0].Map));
    }

    private static BatchPlanner Planner(int count, int size, int seed, TrainingCompatibility compatibility = TrainingCompatibility.Default) =>
        new(count, size, seed, compatibility) { Augmentation = AugmentationOptions.Original, Size = new ImageSize(8, 8), Channels = 3 };
}

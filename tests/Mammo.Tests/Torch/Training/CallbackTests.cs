using System.Text.Json;
using Mammo.Torch.Training;

namespace Mammo.Tests.Torch.Training;

public sealed class CallbackTests
{
    private static readonly JsonElement Sequences = JsonDocument.Parse(File.ReadAllBytes(Shared.Data("oracle", "callbacks", "callbacks.json"))).RootElement;

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Sequences.GetArrayLength())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Decisions_are_Keras_2_0_8s(int index)
    {
        var sequence = Sequences[index];
        var stopping = new EarlyStopping(sequence.GetProperty("es_patience").GetInt32());
        var plateau = new ReduceLearningRateOnPlateau(
            sequence.GetProperty("lr_patience").GetInt32(), sequence.GetProperty("lr0").GetDouble(), sequence.GetProperty("cooldown").GetInt32());
        var best = new BestEpoch();
        foreach (var epoch in sequence.GetProperty("epochs").EnumerateArray())
        {
            Assert.False(stopping.ShouldStop);
            var loss = epoch.GetProperty("val_loss").GetDouble();
            (stopping, plateau) = (stopping.After(loss), plateau.After(loss));
            Assert.Equal(epoch.GetProperty("stop").GetBoolean(), stopping.ShouldStop);
            Assert.Equal(epoch.GetProperty("es_wait").GetInt32(), stopping.Wait);
            Assert.Equal(epoch.GetProperty("lr_wait").GetInt32(), plateau.Wait);
            Assert.Equal(epoch.GetProperty("lr_after").GetDouble(), plateau.LearningRate);
            if (epoch.TryGetProperty("val_acc", out var accuracy) && accuracy.ValueKind == JsonValueKind.Number)
            {
                var before = best;
                best = best.After(epoch.GetProperty("epoch").GetInt32() + 1, accuracy.GetDouble());
                Assert.Equal(epoch.GetProperty("saved").GetBoolean(), !ReferenceEquals(before, best));
            }
        }
    }

    [Fact]
    public void A_loss_that_is_not_a_number_is_no_improvement()
    {
        Assert.True(new EarlyStopping(0).After(double.NaN).ShouldStop);
        Assert.Equal(0.5, new ReduceLearningRateOnPlateau(0, 1).After(double.NaN).LearningRate);
        Assert.Equal(0, new BestEpoch().After(3, double.NaN).Epoch);
    }
}

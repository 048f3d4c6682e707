using System.Text.Json;
using CsCheck;
using Mammo.Data.Numerics;

namespace Mammo.Tests.Data.Numerics;

public sealed class NumpyRandomTests
{
    private static readonly JsonElement Vectors = Json("oracle", "image", "sampling", "rng.json");

    [Fact]
    public void Raw_outputs_are_numpys()
    {
        var random = new NumpyRandom(12345);
        Assert.All(Vectors.GetProperty("first_u32").EnumerateArray(), expected => Assert.Equal(expected.GetUInt32(), random.NextUInt32()));
    }

    [Fact]
    public void Integers_are_numpys()
    {
        var random = new NumpyRandom(12345);
        Assert.All(Vectors.GetProperty("randint_10_60_first20").EnumerateArray(), expected => Assert.Equal(expected.GetInt32(), random.RandInt(10, 60)));
    }

    [Theory]
    [InlineData(25)]
    [InlineData(3)]
    public void Permutations_are_numpys(int n) =>
        Assert.Equal(Vectors.GetProperty($"permutation_{n}").EnumerateArray().Select(item => item.GetInt32()), new NumpyRandom(12345).Permutation(n));

    [Fact]
    public void Draws_of_the_image_generator_are_numpys()
    {
        foreach (var item in Json("oracle", "augment", "augment.json").GetProperty("cases").EnumerateArray())
        {
            var random = new NumpyRandom(item.GetProperty("numpy_seed").GetUInt32());
            foreach (var draw in item.GetProperty("draws").EnumerateArray())
            {
                foreach (var expected in draw[2].ValueKind == JsonValueKind.Array ? draw[2].EnumerateArray().ToArray() : [draw[2]])
                    Assert.Equal(
                        expected.GetDouble(),
                        draw[1].GetArrayLength() == 0 ? random.RandomSample() : random.Uniform(draw[1][0].GetDouble(), draw[1][1].GetDouble()));
            }
        }
    }

    [Fact]
    public void The_array_iterators_first_orders_are_numpys()
    {
        foreach (var item in Json("oracle", "augment", "augment.json").GetProperty("iterators").EnumerateArray()
            .Where(item => item.GetProperty("shuffle").GetBoolean()))
        {
            var expected = item.GetProperty("batches")[0].GetProperty("index").EnumerateArray().Select(index => index.GetInt32()).ToArray();
            var order = new NumpyRandom(item.GetProperty("seed").GetUInt32()).Permutation(item.GetProperty("n").GetInt32());
            Assert.Equal(expected, order.Take(expected.Length));
        }
    }

    [Fact]
    public void A_range_of_one_number_draws_nothing()
    {
        NumpyRandom drawn = new(7), other = new(7);
        Assert.Equal(41, drawn.RandInt(41, 42));
        Assert.Equal(other.NextUInt32(), drawn.NextUInt32());
    }

    [Fact]
    public void An_empty_range_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new NumpyRandom(0).RandInt(5, 5));

    [Fact]
    public void Draws_stay_in_their_ranges() =>
        Gen.Select(Gen.UInt, Gen.Int[int.MinValue, int.MaxValue - 1], Gen.Int[int.MinValue, int.MaxValue - 1]).Sample((seed, a, b) =>
    {
        var random = new NumpyRandom(seed);
        var (low, high) = a < b ? (a, b) : a == b ? (a, int.MaxValue) : (b, a);
        var drawn = random.RandInt(low, high);
        return drawn >= low && drawn < high;
    });

    [Fact]
    public void Permutations_hold_every_member_once() => Gen.Select(Gen.UInt, Gen.Int[0, 300]).Sample((seed, n) =>
        new NumpyRandom(seed).Permutation(n).Order().SequenceEqual(Enumerable.Range(0, n)));

    private static JsonElement Json(params string[] parts) => JsonDocument.Parse(File.ReadAllBytes(Shared.Data(parts))).RootElement;
}

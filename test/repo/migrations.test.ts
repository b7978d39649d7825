import { migrations as postgres } from "holdfast/postgres";
import { migrations as sqlite } from "holdfast/sqlite";
import { expect, test } from "vitest";

const checksums = {
  postgres: [
    "cc26c4a4cfb23371050f0ec25fbe7f97655b9e3961c279289c93816b54baba8d",
    "3f71fc3ecadc40092cb51341d54b476f3809150773afa3f82628f12f135a048d",
    "dd689a008e6df064db79cb0b3a73122ad50f7b8716e2aab5f46402b257552d7d",
    "bbdee88633aee9d30a5f57b54f3879bd0d1ed0c8c9d497e924dd55afddb985c8",
    "ce768c25abb0dd2fef343008ae53c0404055a09b6590afb63ed715a56452ae43",
    "80ffe5958f5d9f117634a33e8259192ab3044116c14f13e89c53562604bcaf9e",
    "34916a7ae4c97fa5298f21f6a4035346b8ed3fa0db47f0926c9d927772400895",
    "58e22ab8a2ee69fb3245ae1b8a45dc5a7fe59d50505660ff463872edcab80c95",
    "49078d4a055a95ffe0281f21a968765734ee692957af709bcb04f86aa0a1abeb",
    "8245cd47b0102a41400fb3e21f09384bf620a51f99fcd32bc106b41fb876dd82",
  ],
  sqlite: [
    "31c1e0eb1f4003df45f58a878bb9396bd1a3046a117df8f30fd7acffc7fbbece",
    "21cab8926f495b5259f3b9ab5091cf96a03cf6727027ed8401ca1cbc7348ab88",
    "1cb8356a4b38526ef678f49702a1617d726aeeed65addac3cf4060acedd6f253",
    "05050752b7fceedab3621c6d4c85ee9efbce29aeafcf0ab4a9f9379febe6a805",
    "0428c4c0033780235fd54c13b728e343264deb99c17b9f9d4267f8f8543904a6",
    "deab946d1a23cb47bd92419f42431b024601ebe998b7b41255f2da0790984ca1",
    "87a1882f7d4862de8429c665cb22115f81325c51b546e84e3850dcf2ea04d148",
    "e36ee280fefd6e2ce84fbf33947089e40ae1fa4853a24fe9a388ad3b7c68ab8d",
  ],
};

test("no step of the schema changes once it is here: databases that applied it would be refused", () => {
  const found = (steps: typeof postgres) => steps.map(({ checksum }) => checksum);
  expect(
    { postgres: found(postgres), sqlite: found(sqlite) },
    "write a new step instead of editing one, and add its checksum here",
  ).toEqual(checksums);
});
